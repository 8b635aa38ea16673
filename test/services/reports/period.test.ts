import { describe, expect, it } from 'vitest';
import { monthsOf, periodOf, periodsAround, yearBefore } from '../../../services/reports/period.ts';

describe('A period', () => {
  it('spans its months', () => {
    expect(monthsOf(periodOf('month', '2026-07'))).toEqual(['2026-07']);
    expect(monthsOf(periodOf('quarter', '2026-Q4'))).toEqual(['2026-10', '2026-11', '2026-12']);
    expect(monthsOf(periodOf('year', '2026'))).toHaveLength(12);
    expect(monthsOf(periodOf('term', '2024-11..2026-02'))).toHaveLength(16);
    expect(monthsOf(periodOf('term', '2025-12..2026-01'))).toEqual(['2025-12', '2026-01']);
  });

  it('belongs to one month, quarter and year, each of which holds the month', () => {
    for (const month of monthsOf({ from: '2023-01', to: '2026-12' })) {
      for (const period of Object.values(periodsAround(month))) expect(monthsOf(period)).toContain(month);
    }
  });

  it('has the same months a year before, but for a term', () => {
    for (const [kind, name] of [
      ['month', '2026-03'],
      ['quarter', '2026-Q2'],
      ['year', '2026'],
    ] as const) {
      const period = periodOf(kind, name);
      const before = monthsOf(yearBefore(period)!).map((month) => `${Number(month.slice(0, 4)) + 1}${month.slice(4)}`);
      expect(before).toEqual(monthsOf(period));
    }
    expect(yearBefore(periodOf('term', '2024-03..2026-07'))).toBeNull();
  });

  it.each([
    ['month', '2026-13'],
    ['month', '2026'],
    ['quarter', '2026-Q5'],
    ['quarter', '2026-07'],
    ['year', '26'],
    ['term', '2026-07..2026-06'],
    ['term', '2026-07'],
  ] as const)('is refused in one line where it is none: %s %s', (kind, name) => {
    expect(() => periodOf(kind, name)).toThrow(
      new RegExp(`^A ${kind} report is of .*; got '${name.replaceAll('.', '\\.')}'\\.$`),
    );
  });
});
