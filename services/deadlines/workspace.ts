import { type CalendarYear, calendarWith } from '../lifecycle/calendar.ts';
import type { WorkCalendar } from '../lifecycle/deadline.ts';
import { type DeadlineRules, standardRules } from '../lifecycle/deadline-rules.ts';
import { type CalendarYearRow, calendarYears, latestDeadlineRules } from '../store/deadline-data.ts';
import type { Store } from '../store/open.ts';

/** What the due dates of a workspace are counted by: its own years and rules, or else the national and standard ones. */
export async function workspaceDeadlines(
  db: Store['db'],
): Promise<{ calendar: WorkCalendar; rules: DeadlineRules; years: CalendarYear[] }> {
  const years = (await calendarYears(db)).map(readYear);
  const rules = await latestDeadlineRules(db);
  return {
    calendar: calendarWith(years),
    rules: rules === null ? standardRules : (JSON.parse(rules.rulesJson) as DeadlineRules),
    years,
  };
}

function readYear({ year, holidaysJson, makeUpDaysJson, source }: CalendarYearRow): CalendarYear {
  return { year, holidays: JSON.parse(holidaysJson), makeUpDays: JSON.parse(makeUpDaysJson), source };
}
