import { deadline, endOfDay, type WorkCalendar, workingDays } from '../lifecycle/deadline.ts';
import type { DeadlineRules } from '../lifecycle/deadline-rules.ts';
import type { Label } from '../lifecycle/label.ts';
import { type LoggedEvent, type Projection, project } from '../lifecycle/projection.ts';
import { localDay } from '../local-time.ts';

/** How late something is: computed from log, calendar, rules and a moment, and from nothing else. */

/** Ascending. supervise 督办 and interview 约谈: what the rules call for, whether or not it was done. */
export const GRADES = ['none', 'due-soon', 'overdue', 'supervise', 'interview'] as const;
export type Grade = (typeof GRADES)[number];

export interface DeadlineState {
  state: string;
  /** UTC; null: nothing is due, or the clock stands still. */
  dueAt: string | null;
  grade: Grade;
  /** UTC, from when on it is so; null where the grade is none. */
  since: string | null;
  because: Label;
  /** False: counted in a year whose holidays are not known yet, so the date may move. */
  holidaysKnown: boolean;
}

/**
 * The deadline of one subject at a moment, past or present: only the events up to it count. Events oldest
 * first; null where it did not exist yet.
 */
export function deadlinesAt(
  events: readonly LoggedEvent[],
  at: Date,
  calendar: WorkCalendar,
  rules: DeadlineRules,
): DeadlineState | null {
  const projection = project(eventsUntil(events, at));
  return projection && gradeOf(projection, at, calendar, rules);
}

/** The beginning of a log, up to and with the last event that is not after `at`. */
export function eventsUntil<T extends Pick<LoggedEvent, 'at'>>(events: readonly T[], at: Date): readonly T[] {
  const until = at.toISOString();
  const end = events.findIndex((event) => event.at > until);
  return end < 0 ? events : events.slice(0, end);
}

/** The same of a projection that holds at `at`. */
export function gradeOf(now: Projection, at: Date, calendar: WorkCalendar, rules: DeadlineRules): DeadlineState {
  const { state, dueAt, holidaysKnown, stopped } = now;
  if (dueAt === null) {
    const because = stopped ? label('计时中止', 'The clock stands still') : label('无期限', 'Nothing is due');
    return { state, dueAt, grade: 'none', since: null, because, holidaysKnown };
  }
  const steps = thresholds(dueAt, calendar, rules);
  const reached = steps.findLast(({ after }) => at > after);
  const unknown = holidaysKnown ? '' : '（含节假日未公布年份）';
  if (!reached)
    return {
      state,
      dueAt,
      grade: 'none',
      since: null,
      because: label(`未到期${unknown}`, 'Not yet due'),
      holidaysKnown,
    };
  // It cannot have been late on a due date before that date was set.
  const set = new Date(now.trail.at(-1)?.at ?? now.updatedAt);
  const since = (reached.after > set ? reached.after : set).toISOString();
  const { zh, en } = reached.because;
  return { state, dueAt, grade: reached.grade, since, because: label(`${zh}${unknown}`, en), holidaysKnown };
}

interface Threshold {
  grade: Grade;
  after: Date;
  because: Label;
}

/** When each grade begins, ascending in both. */
function thresholds(dueAt: string, calendar: WorkCalendar, rules: DeadlineRules): Threshold[] {
  const due = new Date(dueAt);
  const day = localDay(due);
  const { dueSoonWorkingDays: soon, superviseAfterWorkingDays: x, interviewAfterWorkingDays: y } = rules;
  const late = (count: number) => deadline(workingDays(count), due, calendar).dueAt;
  return [
    {
      grade: 'due-soon',
      after: beforeWorkingDays(day, soon, calendar),
      because: label(`${day}到期，不足${soon}个工作日`, `Due on ${day}, within ${soon} working days`),
    },
    { grade: 'overdue', after: due, because: label(`${day}到期，已超期`, `Was due on ${day}`) },
    {
      grade: 'supervise',
      after: late(x),
      because: label(`超期满${x}个工作日，应督办`, `${x} working days overdue: to be supervised`),
    },
    {
      grade: 'interview',
      after: late(y),
      because: label(`超期满${y}个工作日，应约谈`, `${y} working days overdue: to be interviewed`),
    },
  ];
}

/** The last millisecond before the local day that lies so many working days before `day`. */
function beforeWorkingDays(day: string, count: number, calendar: WorkCalendar): Date {
  let end = endOfDay(day).getTime();
  for (let left = count; left > 0; ) {
    end -= 86_400_000;
    if (calendar.isWorkday(localDay(new Date(end)))) left--;
  }
  return new Date(end - 86_400_000);
}

function label(zh: string, en: string): Label {
  return { zh, en };
}
