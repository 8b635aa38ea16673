import { judgementOf } from '../lifecycle/judgements.ts';
import type { LoggedEvent } from '../lifecycle/projection.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { withoutUndone } from '../lifecycle/undone.ts';

/**
 * What a reviewed patch teaches a detector. change: people on site confirmed it, whatever the law says of it.
 * false-change: there was none. unclear: ended for a reason that says neither (a duplicate, too small, the base map).
 */
export interface Label {
  label: 'change' | 'false-change' | 'unclear';
  /** Code of the judgement or of the reason it was ended for. */
  reason: string;
  by: string;
  /** UTC. */
  at: string;
}

/** Reasons of a dismissal that say that the ground did not change between the two images. */
const NO_CHANGE = new Set([
  ...['season', 'cloud', 'shadow', 'shift', 'imagery-quality', 'built-before'],
  ...['greenhouse-film', 'water-level', 'temporary-object'],
]);

type Event = Pick<LoggedEvent, 'id' | 'action' | 'fromState' | 'toState' | 'actor' | 'reason' | 'at' | 'payloadJson'>;

/** The label that the log of a patch gives it, oldest event first; null while nobody has concluded. Pure. */
export function labelOf(log: readonly Event[]): Label | null {
  const events = withoutUndone(log);
  const last = events.at(-1);
  if (last === undefined) return null;
  if (stateOf('patch', last.toState).outcome === 'dismissed') {
    const ended = events.findLast(({ toState, fromState }) => toState === last.toState && fromState !== toState)!;
    const reason = ended.reason ?? 'other';
    return { label: NO_CHANGE.has(reason) ? 'false-change' : 'unclear', reason, by: ended.actor, at: ended.at };
  }
  // Reopened and found again it is under review once more.
  const begun = events.findLastIndex(({ toState, fromState }) => toState === 'found' && fromState !== 'found');
  const reviewed = events.findLast(({ toState }, i) => toState === 'reviewed' && i > begun);
  const judged = events.findLast(({ payloadJson }) => judgementIn(payloadJson) !== null);
  if (!reviewed || !judged) return null;
  return { label: 'change', reason: judgementIn(judged.payloadJson)!, by: reviewed.actor, at: reviewed.at };
}

function judgementIn(payloadJson: string): string | null {
  const { judgement } = JSON.parse(payloadJson) as { judgement?: unknown };
  return typeof judgement === 'string' && judgementOf(judgement) ? judgement : null;
}
