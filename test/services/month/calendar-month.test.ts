import { expect, it } from 'vitest';
import { lastDayOf, monthAfter, monthBefore } from '../../../services/month/calendar-month.ts';

it.each([
  ['2024-01', '2024-01-31', '2023-12', '2024-02'],
  ['2024-02', '2024-02-29', '2024-01', '2024-03'],
  ['2023-02', '2023-02-28', '2023-01', '2023-03'],
  ['1900-02', '1900-02-28', '1900-01', '1900-03'],
  ['2024-04', '2024-04-30', '2024-03', '2024-05'],
  ['2024-12', '2024-12-31', '2024-11', '2025-01'],
])('%s ends on %s, and lies between %s and %s', (month, last, before, after) => {
  expect(lastDayOf(month)).toBe(last);
  expect(monthBefore(month)).toBe(before);
  expect(monthAfter(month)).toBe(after);
});
