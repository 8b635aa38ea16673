import { type DueRule, daysBetween, deadline, type WorkCalendar } from './deadline.ts';

/** How the running due date came about, so that it can be counted again on another calendar. */

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

/** One thing done to a due date. set: by rule or order, from `at`; the others work on the one before. */
export interface ClockLine {
  effect: 'set' | 'extend' | 'pause' | 'resume';
  at: string;
  due: DueRecord;
}

const EXTENDING = ['extend', 'approve-extension'];

/** What an event did to the clock; null where it counted the same again (recount). */
export function effectOf(action: string, due: DueRecord): ClockLine['effect'] | null {
  if (action === 'recount') return null;
  if (EXTENDING.includes(action)) return 'extend';
  if (due.heldDueAt !== undefined) return 'pause';
  return action === 'resume' ? 'resume' : 'set';
}

/** A due date moved on by the local days the clock stood still. */
export function afterStop(heldDueAt: string, stoppedAt: string, at: Date): string {
  const days = Math.max(0, daysBetween(new Date(stoppedAt), at));
  return new Date(new Date(heldDueAt).getTime() + days * 86_400_000).toISOString();
}

/** The due date that the trail leads to on this calendar; dueAt null where nothing is due or the clock stands still. */
export function recounted(trail: readonly ClockLine[], calendar: WorkCalendar): DueRecord {
  let dueAt: string | null = null;
  let held: { dueAt: string; at: string } | null = null;
  let holidaysKnown = true;
  for (const { effect, at, due } of trail) {
    if (effect === 'pause') {
      held = { dueAt: dueAt!, at };
      dueAt = null;
    } else if (effect === 'resume') {
      dueAt = afterStop(held!.dueAt, held!.at, new Date(at));
      held = null;
    } else if (due.rule === undefined) {
      dueAt = due.dueAt;
    } else {
      const counted = deadline(due.rule, new Date(effect === 'extend' ? dueAt! : at), calendar);
      dueAt = counted.dueAt.toISOString();
      holidaysKnown &&= counted.holidaysKnown;
    }
  }
  return { dueAt, calendar: calendar.name, holidaysKnown };
}
