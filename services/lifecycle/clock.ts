import { ServiceError } from '../error.ts';
import { localDay } from '../local-time.ts';
import { afterStop, type DueRecord, recounted } from './clock-trail.ts';
import { type DueRule, daysBetween, deadline, endOfDay, type WorkCalendar } from './deadline.ts';
import type { DeadlineRules } from './deadline-rules.ts';
import type { Projection } from './projection.ts';
import type { Transition } from './transition-row.ts';

/** What a step does to the due date: the transition's effect worked out for one subject at one time. */

export interface Ticking {
  at: Date;
  /** The subject before the step; null where the step opens it. */
  before: Projection | null;
  payload: Readonly<Record<string, unknown>>;
  calendar: WorkCalendar;
  rules: DeadlineRules;
}

/**
 * The `due` record of the event, or undefined where the step leaves the clock alone. A step that sets a
 * due date takes payload.dueDate (YYYY-MM-DD, local) instead of its rule where the person gave one.
 * Throws bad-input where the given date is past, there is no date to extend, hold or count again, or
 * the extensions of this due date come to more days than the rules allow.
 */
export function dueAfter(row: Transition, ticking: Ticking): DueRecord | undefined {
  const { payload } = ticking;
  if (payload['dueDate'] !== undefined && typeof row.due === 'string') {
    throw new ServiceError('bad-input', `The step ${row.action} sets no due date, so it takes no payload.dueDate.`);
  }
  switch (row.due) {
    case 'keep':
      // Asking for more than can be granted is refused at once, not by whoever has to answer.
      if (row.needs.includes('extension')) extended(row, ticking);
      return undefined;
    case 'none':
      return { dueAt: null };
    case 'pause':
      return { dueAt: null, heldDueAt: runningDue(row, ticking) };
    case 'resume':
      return resumed(ticking);
    case 'extend':
      return extended(row, ticking);
    case 'recount':
      return countedAgain(row, ticking);
    case 'undo':
      throw new Error('An undo brings a due date back; it is worked out in event.ts.');
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

/** The due date moved on by what is handed in with the step, or else by what was asked for. */
function extended(row: Transition, ticking: Ticking): DueRecord {
  const from = new Date(runningDue(row, ticking));
  const extension = (ticking.payload['extension'] ?? ticking.before?.request?.extension) as DueRule;
  const due = counted(extension, from, ticking.calendar);
  const { days: most } = ticking.rules.extension;
  const used = ticking.before!.extended.days;
  const gained = daysBetween(from, new Date(due.dueAt!));
  if (used + gained <= most) return due;
  const got = `${used} used already and ${gained} more`;
  throw new ServiceError('bad-input', `One due date is extended by at most ${most} days in all; got ${got}.`, {
    daysLeft: Math.max(0, most - used),
  });
}

function resumed({ at, before }: Ticking): DueRecord {
  if (!before?.stopped) throw new ServiceError('bad-input', 'Only a clock that was stopped can be resumed.');
  return { dueAt: afterStop(before.stopped.heldDueAt, before.stopped.at, at) };
}

function countedAgain(row: Transition, ticking: Ticking): DueRecord {
  const now = runningDue(row, ticking);
  const due = recounted(ticking.before!.trail, ticking.calendar);
  if (due.dueAt !== now) return due;
  throw new ServiceError('bad-input', `On the calendar ${due.calendar} the due date stays ${now}: nothing to recount.`);
}

function runningDue(row: Transition, { before }: Ticking): string {
  if (before?.dueAt) return before.dueAt;
  throw new ServiceError('bad-input', `The step ${row.action} needs a due date to work on; there is none.`);
}
