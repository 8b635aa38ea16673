import { finderFigures } from '../field/clues/finder-figures.ts';
import type { FirstFinder } from '../field/clues/first-finder.ts';
import type { FinderFacts } from './facts.ts';

/** Who found these places first, after how many days, and what came of it; pure. */
export function findersOf(ledger: readonly FirstFinder[], places: ReadonlySet<string>): FinderFacts[] {
  const own = ledger.filter(({ placeId }) => places.has(placeId));
  return finderFigures(own, { months: false, districts: false }).map((one) => ({
    by: one.foundBy,
    ...{ places: one.places, stopped: one.stopped, goingOn: one.goingOn, nothing: one.nothing },
    daysAtLeast: one.onsetToFoundAtLeast.days,
    daysAtMost: one.onsetToFoundAtMost.days,
    known: one.onsetToFoundAtMost.count,
    daysToStop: one.foundToStopped.days,
  }));
}
