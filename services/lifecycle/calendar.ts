// The package's tables, not its functions: those read dates in the machine's own time zone.
import { createHash } from 'node:crypto';
import days from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import type { WorkCalendar } from './deadline.ts';

const holidays: Record<string, string> = days.holidays;
const makeUpDays: Record<string, string> = days.workdays;
const knownYears = new Set(Object.keys(holidays).map((day) => Number(day.slice(0, 4))));

/** One year as the State Council announces it; days are local, YYYY-MM-DD. */
export interface CalendarYear {
  year: number;
  /** Days off that would be working days, weekends in between allowed. */
  holidays: readonly string[];
  /** 调休: weekend days that are worked. */
  makeUpDays: readonly string[];
  /** The notice it is taken from. */
  source: string;
}

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

/** The years that the package's tables know, ascending. */
export const packagedYears: readonly number[] = [...knownYears].sort((a, b) => a - b);

/**
 * The national calendar with some years told anew: of such a year only the file counts. A year's days
 * may lie in the last December before it (New Year's), where they hold too. One file a year.
 */
export function calendarWith(years: readonly CalendarYear[]): WorkCalendar {
  if (years.length === 0) return chinaCalendar;
  const told = new Map<string, boolean>();
  for (const { holidays, makeUpDays } of years.toSorted((a, b) => a.year - b.year)) {
    for (const day of holidays) told.set(day, false);
    for (const day of makeUpDays) told.set(day, true);
  }
  const known = new Set(years.map(({ year }) => year));
  return {
    name: `${chinaCalendar.name}+${contentOf(years)}`,
    isWorkday(day) {
      const said = told.get(day);
      if (said !== undefined) return said;
      return known.has(Number(day.slice(0, 4))) ? isMondayToFriday(day) : chinaCalendar.isWorkday(day);
    },
    knows: (year) => known.has(year) || chinaCalendar.knows(year),
  };
}

/** The years by name, and by content: two calendars of one name count alike. */
function contentOf(years: readonly CalendarYear[]): string {
  const sorted = years.toSorted((a, b) => a.year - b.year);
  const content = JSON.stringify(sorted.map(({ year, holidays, makeUpDays }) => [year, holidays, makeUpDays]));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  return `${sorted.map(({ year }) => year).join(',')}@${hash}`;
}

function isMondayToFriday(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday >= 1 && weekday <= 5;
}
