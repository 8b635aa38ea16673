import { ServiceError } from '../error.ts';
import type { EventTable } from '../store/schema.ts';
import type { DueRule } from './deadline.ts';
import type { Facts } from './transitions.ts';

/** What the events of one patch or case add up to. Only what the events say counts, not today's tables. */

/** What a projection reads of an event. */
export type LoggedEvent = Pick<EventTable, 'fromState' | 'toState' | 'actor' | 'at' | 'payloadJson'>;

/** The `due` part of an event's payload: what the step did to the clock, and how that was counted. */
export interface DueRecord {
  /** UTC; null: nothing is due. */
  dueAt: string | null;
  /** The rule it was counted by, from the event's own time (extension: from the due date before). */
  rule?: DueRule;
  /** The calendar's name, and whether it knew the holidays of the years it counted in. */
  calendar?: string;
  holidaysKnown?: boolean;
  /** The due date that was set aside when the clock was stopped. */
  heldDueAt?: string;
}

export interface Projection {
  state: string;
  /** The number of events. */
  version: number;
  dueAt: string | null;
  judgement: string | null;
  /** Since when the clock stands still and what was due then; null while it runs. */
  stopped: { at: string; heldDueAt: string } | null;
  updatedAt: string;
  updatedBy: string;
}

/**
 * The projection of the events of one subject, oldest first; null where there are none. Throws
 * store-unusable where an event does not start in the state the one before it ended in.
 */
export function project(events: readonly LoggedEvent[]): Projection | null {
  let now: Projection | null = null;
  for (const event of events) now = apply(now, event);
  return now;
}

/** One event more. */
export function apply(before: Projection | null, event: LoggedEvent): Projection {
  const state = before?.state ?? null;
  if (event.fromState !== state) {
    const got = `starts from '${event.fromState}' at version ${before?.version ?? 0}, where the state is '${state}'`;
    throw new ServiceError(
      'store-unusable',
      `The events of a subject must follow on each other; the one to '${event.toState}' ${got}.`,
    );
  }
  const payload = JSON.parse(event.payloadJson) as { due?: DueRecord; judgement?: string };
  return {
    state: event.toState,
    version: (before?.version ?? 0) + 1,
    judgement: payload.judgement ?? before?.judgement ?? null,
    ...clockAfter(before, payload.due, event.at),
    updatedAt: event.at,
    updatedBy: event.actor,
  };
}

export function factsOf(projection: Projection): Facts {
  return { judgement: projection.judgement, paused: projection.stopped !== null };
}

function clockAfter(
  before: Projection | null,
  due: DueRecord | undefined,
  at: string,
): Pick<Projection, 'dueAt' | 'stopped'> {
  if (due === undefined) return { dueAt: before?.dueAt ?? null, stopped: before?.stopped ?? null };
  const stopped = due.heldDueAt === undefined ? null : { at, heldDueAt: due.heldDueAt };
  return { dueAt: due.dueAt, stopped };
}
