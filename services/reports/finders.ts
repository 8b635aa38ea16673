import { finderFigures } from '../field/clues/finder-figures.ts';
import type { FirstFinder } from '../field/clues/first-finder.ts';
import { localDate } from '../field/local-date.ts';
import type { FinderFacts } from './facts.ts';

/** Who found places first within a span of months, after how many days, and what came of it; pure. */
export function findersOf(ledger: readonly FirstFinder[], from: string, to: string): FinderFacts[] {
  const inSpan = ledger.filter(({ foundAt }) => {
    const month = localDate(foundAt).slice(0, 7);
    return month >= from && month <= to;
  });
  return finderFigures(inSpan, { months: false, districts: false }).map((one) => ({
    by: one.foundBy,
    ...{ places: one.places, stopped: one.stopped, goingOn: one.goingOn, nothing: one.nothing },
    daysAtLeast: one.onsetToFoundAtLeast.days,
    daysAtMost: one.onsetToFoundAtMost.days,
    known: one.onsetToFoundAtMost.count,
    daysToStop: one.foundToStopped.days,
  }));
}
