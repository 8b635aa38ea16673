// The package's tables, not its functions: those read dates in the machine's own time zone.
import days from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import type { WorkCalendar } from './deadline.ts';

const holidays: Record<string, string> = days.holidays;
const makeUpDays: Record<string, string> = days.workdays;
const knownYears = new Set(Object.keys(holidays).map((day) => Number(day.slice(0, 4))));

/**
 * The State Council's working days (public holidays off, make-up weekends 调休 on), by chinese-days. The
 * holidays of a year are announced late in the year before: until the table has them (knows(year) is
 * false) Monday to Friday stands in, and deadlines counted so say so (Deadline.holidaysKnown).
 */
export const chinaCalendar: WorkCalendar = {
  name: 'cn-state-council',
  isWorkday(day) {
    if (day in makeUpDays) return true;
    return !(day in holidays) && isMondayToFriday(day);
  },
  knows: (year) => knownYears.has(year),
};

function isMondayToFriday(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday >= 1 && weekday <= 5;
}
