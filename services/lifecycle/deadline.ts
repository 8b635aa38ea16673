import { ServiceError } from '../error.ts';
import { LOCAL_OFFSET_MS, localDay } from '../local-time.ts';

/**
 * Due dates: counted in local days of Asia/Shanghai, kept in UTC. The day of the step itself does not
 * count; what is due on a day is due at its end. Calendar days and months are not moved off holidays.
 */

export interface DueRule {
  count: number;
  unit: 'working-day' | 'calendar-day' | 'month';
}

export function workingDays(count: number): DueRule {
  return { count, unit: 'working-day' };
}

export function calendarDays(count: number): DueRule {
  return { count, unit: 'calendar-day' };
}

export function months(count: number): DueRule {
  return { count, unit: 'month' };
}

/** Which days are working days; calendar.ts has the national one. Days are local, YYYY-MM-DD. */
export interface WorkCalendar {
  name: string;
  isWorkday(day: string): boolean;
  /** Whether holidays and make-up days of that year are known, or only Monday to Friday assumed. */
  knows(year: number): boolean;
}

export interface Deadline {
  dueAt: Date;
  /** False where working days were counted in a year whose holidays the calendar does not know. */
  holidaysKnown: boolean;
}

const DAY_MS = 86_400_000;
const DAY_FORM = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The last millisecond of a local day. Throws bad-input where `day` is no day of the calendar. */
export function endOfDay(day: string): Date {
  return new Date(midnightUtc(day) + DAY_MS - 1 - LOCAL_OFFSET_MS);
}

/** How many local days lie between two instants: 0 on the same day. */
export function daysBetween(from: Date, to: Date): number {
  return (midnightUtc(localDay(to)) - midnightUtc(localDay(from))) / DAY_MS;
}

/** When something is due that is ordered at `from` under `rule`. Throws bad-input on a rule that cannot be counted. */
export function deadline(rule: DueRule, from: Date, calendar: WorkCalendar): Deadline {
  if (!Number.isSafeInteger(rule.count) || rule.count < 0 || rule.count > 3660) {
    throw new ServiceError('bad-input', `A due rule counts 0 to 3660 ${rule.unit}s; got ${rule.count}.`);
  }
  const start = localDay(from);
  switch (rule.unit) {
    case 'calendar-day':
      return { dueAt: endOfDay(addDays(start, rule.count)), holidaysKnown: true };
    case 'month':
      return { dueAt: endOfDay(addMonths(start, rule.count)), holidaysKnown: true };
    case 'working-day':
      return afterWorkingDays(start, rule.count, calendar);
    default:
      throw new ServiceError('bad-input', `A due rule's unit is working-day, calendar-day or month; got ${rule.unit}.`);
  }
}

function afterWorkingDays(start: string, count: number, calendar: WorkCalendar): Deadline {
  let day = start;
  let holidaysKnown = calendar.knows(yearOf(day));
  for (let left = count; left > 0; ) {
    day = addDays(day, 1);
    holidaysKnown &&= calendar.knows(yearOf(day));
    if (calendar.isWorkday(day)) left--;
  }
  return { dueAt: endOfDay(day), holidaysKnown };
}

function addDays(day: string, count: number): string {
  return dayOf(midnightUtc(day) + count * DAY_MS);
}

/** The same day of a later month, or that month's last day where it is shorter (31 Jan + 1 = 28 Feb). */
function addMonths(day: string, count: number): string {
  const [year, month, date] = day.split('-').map(Number);
  const lastDate = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month - 1 + count, Math.min(date, lastDate)));
}

function midnightUtc(day: string): number {
  const match = DAY_FORM.exec(day);
  const time = match ? Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) : Number.NaN;
  if (Number.isNaN(time) || dayOf(time) !== day) {
    throw new ServiceError('bad-input', `A day is written YYYY-MM-DD and exists in the calendar; got '${day}'.`);
  }
  return time;
}

function dayOf(timeUtc: number): string {
  return new Date(timeUtc).toISOString().slice(0, 10);
}

function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}
