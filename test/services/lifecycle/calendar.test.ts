import { expect, it } from 'vitest';
import { chinaCalendar } from '../../../services/lifecycle/calendar.ts';

it('takes the public holidays off and the make-up weekends on', () => {
  // 2025: National Day and Mid-autumn 1–8 October; made up on Sunday 28 September and Saturday 11 October.
  const days = ['2025-09-28', '2025-09-30', '2025-10-01', '2025-10-08', '2025-10-09', '2025-10-11', '2025-10-12'];
  expect(days.map((day) => chinaCalendar.isWorkday(day))).toEqual([true, true, false, false, true, true, false]);
});

it('falls back to Monday to Friday in a year whose holidays are not announced, and says so', () => {
  expect(chinaCalendar.knows(2025)).toBe(true);
  expect(chinaCalendar.knows(2099)).toBe(false);
  expect(['2099-10-01', '2099-10-02', '2099-10-03', '2099-10-04', '2099-10-05'].map(chinaCalendar.isWorkday)).toEqual([
    true, // a Thursday, National Day or not
    true,
    false,
    false,
    true,
  ]);
});
