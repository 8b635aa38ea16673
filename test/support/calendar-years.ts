import type { CalendarYear } from '../../services/lifecycle/calendar.ts';

/** A year that no table knows: the first ten days of October off, one Saturday worked for them. */
export const year2099: CalendarYear = {
  year: 2099,
  holidays: Array.from({ length: 10 }, (_, i) => `2099-10-${String(i + 1).padStart(2, '0')}`),
  makeUpDays: ['2099-10-17'],
  source: '国办发明电〔2098〕1号（试验）',
};
