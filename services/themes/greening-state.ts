import type { ChangeType } from '../../detectors/change-type.ts';
import { changedBetween, type Gap, type PlaceSignal, unobserved } from './place-signal.ts';

/** How a restoration or reclamation project stands by what was seen of it. */
export type GreeningState = 'green' | 'lost' | 'due' | 'not-due' | 'unobserved';

export interface Greening {
  state: GreeningState;
  /** Share seen to become green since the project began, and seen to be taken from it again; 0–1, lower bounds. */
  greenedShare: number;
  lostShare: number;
  gaps: Gap[];
}

export const greeningTest = {
  edition: 'greening-1',
  /** Share of the zone that must have become green, and beyond which taking counts as lost. */
  leastGreened: 0.6,
  mostLost: 0.1,
  leastObserved: 0.9,
  /** What undoes it. */
  lossTypes: ['built', 'road', 'bare', 'vegetation-loss', 'solar', 'greenhouse'] as ChangeType[],
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
  test: typeof greeningTest = greeningTest,
): Greening {
  const own = signals.filter(({ zoneId, until }) => zoneId === project.zoneId && until > project.began);
  const greenedShare = Math.min(
    1,
    own.reduce((sum, signal) => sum + signal.greenedShare, 0),
  );
  const lastGreen = own
    .filter((signal) => signal.greenedShare > 0)
    .reduce((last, { until }) => (until > last ? until : last), '');
  // Earth is moved before anything grows: only what is taken after the green came undoes it.
  const lostShare =
    lastGreen === ''
      ? 0
      : changedBetween(
          own.filter(({ since }) => since >= lastGreen),
          test.lossTypes,
          lastGreen,
          today,
        );
  const gaps = unobserved(own, project.began, today, test.leastObserved);
  const of = (state: GreeningState): Greening => ({ state, greenedShare, lostShare, gaps });
  if (greenedShare >= test.leastGreened) return of(lostShare > test.mostLost ? 'lost' : 'green');
  if (today < project.due) return of('not-due');
  return of(gaps.length > 0 ? 'unobserved' : 'due');
}
