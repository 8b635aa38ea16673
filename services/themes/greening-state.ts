import type { ChangeType } from '../../detectors/change-type.ts';
import type { ThemeDefinition } from './definition.ts';
import { type Gap, type PlaceSignal, unobserved } from './place-signal.ts';

/** How a restoration or reclamation project stands by what was seen of it. */
export type GreeningState = 'green' | 'lost' | 'due' | 'not-due' | 'unobserved';

export interface Greening {
  state: GreeningState;
  /** Most of it that was green at once since the project began, as seen to become so, and what was lost of that; 0–1. */
  greenedShare: number;
  lostShare: number;
  gaps: Gap[];
}

export const greeningTest = {
  edition: 'greening-2',
  /** Share of the zone that must have become green, and beyond which taking counts as lost. */
  leastGreened: 0.6,
  mostLost: 0.1,
  leastObserved: 0.9,
  /** What undoes it. */
  lossTypes: ['built', 'road', 'bare', 'vegetation-loss', 'solar', 'greenhouse'] as ChangeType[],
};

export type GreeningTest = typeof greeningTest & {
  /** What in these months is harvest and tillage, and not loss. */
  season?: ThemeDefinition['season'];
};

/**
 * Whether a project has become green by the day it was due and is still. 'due' (green was due and was not seen to come)
 * is said only where the place was seen from its beginning on; otherwise it is 'unobserved'. Whether green is a crop is
 * more than two dates can tell.
 */
export function greeningState(
  project: { zoneId: string; began: string; due: string },
  signals: readonly PlaceSignal[],
  today: string,
  test: GreeningTest = greeningTest,
): Greening {
  const own = signals
    .filter(({ zoneId, until }) => zoneId === project.zoneId && until > project.began)
    .sort((a, b) => (a.until < b.until ? -1 : 1));
  const { greenedShare, lostShare } = balance(own, test);
  const gaps = unobserved(own, project.began, today, test.leastObserved);
  const of = (state: GreeningState): Greening => ({ state, greenedShare, lostShare, gaps });
  if (greenedShare >= test.leastGreened) return of(lostShare > test.mostLost ? 'lost' : 'green');
  if (today < project.due) return of('not-due');
  return of(gaps.length > 0 ? 'unobserved' : 'due');
}

/**
 * What came and what was taken, one look after another. Ground that turns green, is harvested and turns green again is
 * green once; earth moved before anything grew takes nothing away.
 */
function balance(signals: readonly PlaceSignal[], test: GreeningTest): Pick<Greening, 'greenedShare' | 'lostShare'> {
  let [green, greenedShare, lostShare] = [0, 0, 0];
  for (const signal of signals) {
    const taken = takenBy(signal, test.lossTypes);
    green = Math.min(1, Math.max(0, green - taken) + signal.greenedShare);
    const isSeason = test.season?.months.includes(Number(signal.month.slice(5))) ?? false;
    const inSeason = isSeason
      ? takenBy(
          signal,
          test.lossTypes.filter((type) => test.season?.types.includes(type)),
        )
      : 0;
    lostShare = Math.max(0, lostShare + taken - inSeason - signal.greenedShare);
    if (green > greenedShare) [greenedShare, lostShare] = [green, 0];
  }
  return { greenedShare, lostShare: Math.min(lostShare, greenedShare) };
}

function takenBy({ changedShare }: PlaceSignal, types: readonly ChangeType[]): number {
  return types.reduce((sum, type) => sum + (changedShare[type] ?? 0), 0);
}
