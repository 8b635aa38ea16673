import { describe, expect, it } from 'vitest';
import { readCalendarYear } from '../../../services/deadlines/year-file.ts';
import { calendarWith, chinaCalendar } from '../../../services/lifecycle/calendar.ts';
import { deadline, workingDays } from '../../../services/lifecycle/deadline.ts';
import { year2099 } from '../../support/calendar-years.ts';

const read = (change: object) => readCalendarYear(JSON.stringify({ ...year2099, ...change }), 'y.json');

describe('the calendar of a year as a file', () => {
  it('is read with its days in order', () => {
    expect(read({ holidays: year2099.holidays.toReversed() })).toEqual(year2099);
  });

  it.each([
    ['an unknown field', { extra: 1 }, 'extra'],
    ['no source', { source: ' ' }, 'source: the notice it is taken from'],
    ['no holidays', { holidays: [] }, 'holidays: at least one day'],
    ['a day that does not exist', { holidays: ['2099-02-29'] }, 'the day 2099-02-29 does not exist'],
    ['a day of another year', { holidays: ['2098-10-01'] }, 'the day 2098-10-01 lies outside 2099'],
    ['a day both off and worked', { makeUpDays: ['2099-10-03'] }, 'the day 2099-10-03 is named twice'],
    ['a make-up day that is worked anyway', { makeUpDays: ['2099-10-12'] }, '2099-10-12 is worked anyway'],
  ])('with %s is refused', (_, change, said) => {
    expect(() => read(change)).toThrow(said);
  });

  it('that is no JSON is refused', () => {
    expect(() => readCalendarYear('{', 'y.json')).toThrow('y.json: calendar year: a JSON object');
  });
});

describe('a calendar with years of the workspace', () => {
  const calendar = calendarWith([year2099]);
  const from = new Date('2099-09-30T02:00:00Z'); // a Wednesday

  it('knows the year and counts by its file', () => {
    const due = (on: typeof calendar) => deadline(workingDays(3), from, on);
    // Thursday the 1st to Saturday the 10th off, then Monday to Wednesday.
    expect(due(calendar)).toEqual({ dueAt: new Date('2099-10-14T15:59:59.999Z'), holidaysKnown: true });
    expect(due(chinaCalendar)).toEqual({ dueAt: new Date('2099-10-05T15:59:59.999Z'), holidaysKnown: false });
    expect(calendar.isWorkday('2099-10-17')).toBe(true);
  });

  it('leaves other years as they were, and holds instead of the national table for its own', () => {
    expect(calendar.isWorkday('2025-10-01')).toBe(false);
    const other = calendarWith([{ ...year2099, year: 2025, holidays: ['2025-12-31'], makeUpDays: [] }]);
    expect(['2025-10-01', '2025-12-31', '2026-10-01'].map(other.isWorkday)).toEqual([true, false, false]);
  });

  it('names its content', () => {
    expect(calendar.name).toMatch(/^cn-state-council\+2099@[0-9a-f]{8}$/);
    expect(calendarWith([{ ...year2099, makeUpDays: [] }]).name).not.toBe(calendar.name);
    expect(calendarWith([])).toBe(chinaCalendar);
  });
});
