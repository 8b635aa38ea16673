import fc from 'fast-check';
import type { DeadlineRules } from '../../services/lifecycle/deadline-rules.ts';
import { type NextEvent, nextEvent, type Step } from '../../services/lifecycle/event.ts';
import { factsOf, type Projection } from '../../services/lifecycle/projection.ts';
import { allowedActions, TRANSITIONS } from '../../services/lifecycle/transitions.ts';
import { completeMove } from './steps.ts';

/** Random walks through the lifecycle of a patch, legal and illegal steps, without a store. */

export interface WalkStep {
  pick: number;
  kind: 'moving' | 'clock' | 'undo' | 'any';
  actor: string;
  minutes: number;
  extension: number;
}

export const walkStep: fc.Arbitrary<WalkStep> = fc.record({
  pick: fc.nat(10_000),
  kind: fc.constantFrom('moving', 'moving', 'clock', 'clock', 'clock', 'undo', 'undo', 'any'),
  actor: fc.constantFrom('li', 'li', 'wang'),
  minutes: fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 20_000 })),
  extension: fc.integer({ min: 1, max: 40 }),
});

const actions = [...new Set(TRANSITIONS.patch.map(({ action }) => action)), 'undo', 'no-such-step'];

/** The step that is asked for, from where the patch is; complete, whether or not it is possible. */
export function stepOf(walk: WalkStep, now: Projection, at: Date, rules: DeadlineRules): Step {
  const allowed = allowedActions('patch', now.state, factsOf(now, rules));
  const wanted = allowed.filter(({ to }) => (walk.kind === 'moving' ? to !== now.state : to === now.state));
  const pick = <T>(list: readonly T[]) => list[walk.pick % list.length];
  const action =
    walk.kind === 'undo' ? 'undo' : walk.kind === 'any' || wanted.length === 0 ? pick(actions) : pick(wanted).action;
  const judgement = walk.pick % 3 === 0 ? 'lawful' : 'non-grain';
  const extension = { count: walk.extension, unit: 'calendar-day' };
  const move = completeMove({ subject: 'patch', id: 'p', action, at }, now.state, { judgement, extension });
  return { ...move, actor: walk.actor, rules };
}

export const start = new Date('2025-07-01T02:00:00Z');

export function found(): NextEvent {
  return nextEvent({ subject: 'patch', id: 'p', action: 'find', actor: 'run', at: start }, '430421', null);
}

/** The log of a walk; steps that are refused leave nothing. */
export function logOf(walk: readonly WalkStep[], rules: DeadlineRules): NextEvent['event'][] {
  let now = found();
  const log = [now.event];
  let at = start;
  for (const one of walk) {
    at = new Date(at.getTime() + one.minutes * 60_000);
    try {
      now = nextEvent(stepOf(one, now.after, at, rules), '430421', now.after);
      log.push(now.event);
    } catch {
      // Refused: the walk goes on from where it was.
    }
  }
  return log;
}
