import { logFacts } from '../cycle/patch-log.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import { localDay } from '../local-time.ts';
import type { EventRow } from '../store/events.ts';
import { type WatchRules, watchRules } from './rules.ts';

/** What the closure of a patch claims of the ground, by its log; pure. */
export interface Claim {
  /** Id of the event that asked for the closure. */
  eventId: string;
  /** Local day from which on the ground must show it. */
  since: string;
  demolishedM2: number;
  regularisedM2: number;
  confiscatedM2: number;
  /**
   * restore: ground was to be put back (拆除复耕). stays: regularised or confiscated only, so that it may stay built.
   * unsaid: nobody said by which way it was put right.
   */
  kind: 'restore' | 'stays' | 'unsaid';
  /** Share of the patch that was to be put back, 0–1. */
  dueShare: number;
}

/**
 * The claim that the patch was last closed on; null where it was never asked to be.
 * @param log of the patch, oldest first
 */
export function claimOf(log: readonly EventRow[], areaM2: number, rules: WatchRules = watchRules): Claim | null {
  const events = withoutUndone(log);
  const last = events.findLastIndex(({ action }) => action === 'submit-closure');
  if (last < 0) return null;
  const { id: eventId, at } = events[last];
  // What was put right is said when the closure is asked for, or as it is granted.
  const closing = events.findIndex(({ action }, i) => i > last && action === 'resolve');
  const { remedy } = logFacts(events.slice(0, Math.max(last, closing) + 1), areaM2);
  const { demolishedM2, regularisedM2, confiscatedM2 } = remedy;
  const known = { eventId, since: localDay(at), ...remedy };
  if (demolishedM2 > 0) {
    const share = demolishedM2 / areaM2;
    return { ...known, kind: 'restore', dueShare: share >= rules.wholeFrom ? 1 : share };
  }
  if (regularisedM2 + confiscatedM2 > 0) return { ...known, kind: 'stays', dueShare: 0 };
  return { ...known, kind: 'unsaid', dueShare: 1 };
}
