import { createHash } from 'node:crypto';
import { ServiceError } from '../error.ts';
import type { EventTable } from '../store/schema.ts';
import { chinaCalendar } from './calendar.ts';
import { dueAfter } from './clock.ts';
import type { WorkCalendar } from './deadline.ts';
import { checkNeeds } from './needs.ts';
import { apply, factsOf, type Projection } from './projection.ts';
import type { Subject, Transition } from './transition-row.ts';
import { allowedActions, findTransition, LIFECYCLE_EDITION, stateOf } from './transitions.ts';

/** One step somebody asks for. */
export interface Step {
  subject: Subject;
  id: string;
  action: string;
  actor: string;
  /** A code of the step's list of reasons; only for steps that have one. */
  reason?: string | null | undefined;
  /** What the step needs (see needs.ts) and whatever else the actor saw and gave; JSON values. */
  payload?: Readonly<Record<string, unknown>> | undefined;
  at: Date;
  /** Which days are working days; by default the national calendar. */
  calendar?: WorkCalendar | undefined;
}

export interface NextEvent {
  event: Omit<EventTable, 'seq'>;
  /** What the subject is once the event is appended. */
  after: Projection;
  row: Transition;
}

/**
 * The event of a step from where the subject is (`before`; null opens it), to be appended by the caller.
 * Pure: the same step from the same version is the same event, with the same id.
 * Throws illegal-transition with details {state, version, allowed} where the step is not possible now,
 * and bad-input where it lacks something it needs.
 */
export function nextEvent(step: Step, district: string, before: Projection | null): NextEvent {
  const row = findTransition(step.subject, before?.state ?? null, step.action, before ? factsOf(before) : undefined);
  if (!row) throw illegal(step, before);
  if (step.actor.trim() === '') throw new ServiceError('bad-input', `The step ${step.action} needs to know its actor.`);
  const payload = step.payload ?? {};
  const reason = step.reason ?? null;
  checkNeeds(row, { reason, payload });
  const due = dueAfter(row, { at: step.at, before, payload, calendar: step.calendar ?? chinaCalendar });
  const event: NextEvent['event'] = {
    id: eventId(step, (before?.version ?? 0) + 1),
    subject: step.subject,
    subjectId: step.id,
    district,
    action: step.action,
    fromState: before?.state ?? null,
    toState: row.to ?? before!.state,
    actor: step.actor,
    reason,
    payloadJson: JSON.stringify({ ...payload, due, lifecycle: LIFECYCLE_EDITION }),
    at: step.at.toISOString(),
  };
  return { event, after: apply(before, event), row };
}

/** A subject has one event of each version, so that the same step sent twice cannot be logged twice. */
function eventId({ subject, id, action }: Step, version: number): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, id, version, action]))
    .digest('hex')
    .slice(0, 32);
}

function illegal({ subject, id, action }: Step, before: Projection | null): ServiceError {
  if (before === null)
    return new ServiceError('illegal-transition', `A ${subject} is not opened by ${action}.`, { allowed: [] });
  const { state, version } = before;
  const allowed = allowedActions(subject, state, factsOf(before)).map((possible) => possible.action);
  const label = stateOf(subject, state).label;
  const message = `The ${subject} ${id} is ${state} (${label.zh}), from where ${action} is not possible; possible: ${allowed.join(', ') || 'nothing'}.`;
  return new ServiceError('illegal-transition', message, { state, version, allowed });
}
