import { ServiceError } from '../error.ts';
import { type DueRule, daysBetween, deadline, endOfDay, localDay, type WorkCalendar } from './deadline.ts';
import type { DueRecord, Projection } from './projection.ts';
import type { Transition } from './transition-row.ts';

/** What a step does to the due date: the transition's effect worked out for one subject at one time. */

export interface Ticking {
  at: Date;
  /** The subject before the step; null where the step opens it. */
  before: Projection | null;
  payload: Readonly<Record<string, unknown>>;
  calendar: WorkCalendar;
}

/**
 * The `due` record of the event, or undefined where the step leaves the clock alone. A step that sets a
 * due date takes payload.dueDate (YYYY-MM-DD, local) instead of its rule where the person gave one.
 * Throws bad-input where the given date is past or there is no date to extend or hold.
 */
export function dueAfter(row: Transition, ticking: Ticking): DueRecord | undefined {
  const { payload } = ticking;
  if (payload['dueDate'] !== undefined && typeof row.due === 'string') {
    throw new ServiceError('bad-input', `The step ${row.action} sets no due date, so it takes no payload.dueDate.`);
  }
  switch (row.due) {
    case 'keep':
      return undefined;
    case 'none':
      return { dueAt: null };
    case 'pause':
      return { dueAt: null, heldDueAt: runningDue(row, ticking) };
    case 'resume':
      return resumed(ticking);
    case 'extend':
      return counted(payload['extension'] as DueRule, new Date(runningDue(row, ticking)), ticking.calendar);
    default:
      return payload['dueDate'] === undefined
        ? counted(row.due, ticking.at, ticking.calendar)
        : ordered(payload['dueDate'], ticking.at);
  }
}

function counted(rule: DueRule, from: Date, calendar: WorkCalendar): DueRecord {
  const { dueAt, holidaysKnown } = deadline(rule, from, calendar);
  return { dueAt: dueAt.toISOString(), rule, calendar: calendar.name, holidaysKnown };
}

function ordered(day: unknown, at: Date): DueRecord {
  const dueAt = endOfDay(String(day));
  if (dueAt < at) {
    throw new ServiceError('bad-input', `A due date is today (${localDay(at)}) or later; got ${day}.`);
  }
  return { dueAt: dueAt.toISOString() };
}

/** The old due date, moved on by the local days the clock stood still. */
function resumed({ at, before }: Ticking): DueRecord {
  if (!before?.stopped) throw new ServiceError('bad-input', 'Only a clock that was stopped can be resumed.');
  const held = new Date(before.stopped.heldDueAt);
  const days = Math.max(0, daysBetween(new Date(before.stopped.at), at));
  return { dueAt: new Date(held.getTime() + days * 86_400_000).toISOString() };
}

function runningDue(row: Transition, { before }: Ticking): string {
  if (before?.dueAt) return before.dueAt;
  throw new ServiceError('bad-input', `The step ${row.action} needs a due date to work on; there is none.`);
}
