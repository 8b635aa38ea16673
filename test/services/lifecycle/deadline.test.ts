import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chinaCalendar } from '../../../services/lifecycle/calendar.ts';
import {
  calendarDays,
  daysBetween,
  deadline,
  endOfDay,
  months,
  workingDays,
} from '../../../services/lifecycle/deadline.ts';
import { localDay } from '../../../services/local-time.ts';

const due = (rule: Parameters<typeof deadline>[0], from: string) => deadline(rule, new Date(from), chinaCalendar);
const dueDay = (rule: Parameters<typeof deadline>[0], from: string) => localDay(due(rule, from).dueAt);

describe('a due date', () => {
  it('is the end of the local day, in UTC', () => {
    expect(due(calendarDays(1), '2025-06-10T04:00:00Z').dueAt.toISOString()).toBe('2025-06-11T15:59:59.999Z');
  });

  it('is counted from the local day, not the UTC day', () => {
    expect(dueDay(calendarDays(1), '2025-06-10T15:59:59Z')).toBe('2025-06-11');
    expect(dueDay(calendarDays(1), '2025-06-10T16:00:00Z')).toBe('2025-06-12');
  });

  it('skips the long holiday and counts the make-up Saturday', () => {
    // Tuesday 30 September 2025; 1–8 October off; 9, 10 and Saturday 11 worked; 12 off; 13 worked.
    const from = '2025-09-30T02:00:00Z';
    expect([1, 2, 3, 4].map((count) => dueDay(workingDays(count), from))).toEqual([
      '2025-10-09',
      '2025-10-10',
      '2025-10-11',
      '2025-10-13',
    ]);
  });

  it('of zero days is the same day, worked or not', () => {
    expect(dueDay(workingDays(0), '2025-10-01T02:00:00Z')).toBe('2025-10-01');
  });

  it('one month on from the 31st is the last day of the shorter month', () => {
    expect(dueDay(months(1), '2025-01-31T02:00:00Z')).toBe('2025-02-28');
    expect(dueDay(months(1), '2024-01-31T02:00:00Z')).toBe('2024-02-29');
    expect(dueDay(months(2), '2025-12-15T02:00:00Z')).toBe('2026-02-15');
    expect(dueDay(months(12), '2025-12-31T02:00:00Z')).toBe('2026-12-31');
  });

  it('says when it was counted in a year whose holidays are not known', () => {
    expect(due(workingDays(3), '2025-06-10T02:00:00Z').holidaysKnown).toBe(true);
    expect(due(workingDays(3), '2099-06-10T02:00:00Z').holidaysKnown).toBe(false);
    const between = { name: 'only 2025', isWorkday: () => true, knows: (year: number) => year === 2025 };
    expect(deadline(workingDays(3), new Date('2025-12-30T02:00:00Z'), between).holidaysKnown).toBe(false);
    expect(due(months(3), '2099-06-10T02:00:00Z').holidaysKnown).toBe(true);
  });

  it('of working days falls on a working day with exactly that many after the start', () => {
    const instants = fc.date({ min: new Date('2024-01-01'), max: new Date('2026-06-30'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 60 }), (from, count) => {
        const dueAt = deadline(workingDays(count), from, chinaCalendar).dueAt;
        expect(chinaCalendar.isWorkday(localDay(dueAt))).toBe(true);
        let worked = 0;
        for (let at = from.getTime() + 86_400_000; localDay(new Date(at)) <= localDay(dueAt); at += 86_400_000) {
          if (chinaCalendar.isWorkday(localDay(new Date(at)))) worked++;
        }
        expect(worked).toBe(count);
      }),
    );
  });

  it.each([-1, 1.5, Number.NaN, 1e9])('cannot be counted with %s days', (count) => {
    expect(() => due(calendarDays(count), '2025-06-10T02:00:00Z')).toThrow(/counts 0 to 3660/);
  });
});

describe('a local day', () => {
  it('ends at its last millisecond', () => {
    expect(localDay(endOfDay('2025-06-10'))).toBe('2025-06-10');
    expect(localDay(new Date(endOfDay('2025-06-10').getTime() + 1))).toBe('2025-06-11');
  });

  it.each(['2025-02-29', '2025-6-1', '2025-13-01', '', '10/06/2025'])("is not '%s'", (day) => {
    expect(() => endOfDay(day)).toThrow(`got '${day}'`);
  });

  it('lies as many days from another as midnights between them', () => {
    expect(daysBetween(new Date('2025-06-10T15:59:00Z'), new Date('2025-06-10T16:01:00Z'))).toBe(1);
    expect(daysBetween(new Date('2025-06-10T00:00:00Z'), new Date('2025-06-10T15:00:00Z'))).toBe(0);
  });
});
