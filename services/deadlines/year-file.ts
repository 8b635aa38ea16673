import { z } from 'zod';
import { ServiceError } from '../error.ts';
import type { CalendarYear } from '../lifecycle/calendar.ts';

/** A calendar year as a file: {year, holidays, makeUpDays, source}, days as YYYY-MM-DD. */

const dayForm = /^\d{4}-\d{2}-\d{2}$/;

const form = z.strictObject({
  year: z.int('a year').min(2000, 'from 2000 on').max(2199, 'up to 2199'),
  holidays: z.array(z.string().regex(dayForm, 'days as YYYY-MM-DD')).min(1, 'at least one day').max(120),
  makeUpDays: z.array(z.string().regex(dayForm, 'days as YYYY-MM-DD')).max(60),
  source: z.string().trim().min(1, 'the notice it is taken from').max(500),
});

/**
 * The year in a JSON text, its days sorted. Throws bad-input naming what is wrong: a field, a day that
 * does not exist, lies outside the year (and the December before it), is told twice or is both off and
 * worked, or a make-up day (调休) that would be a working day anyway.
 */
export function readCalendarYear(text: string, from: string): CalendarYear {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused(from, 'a JSON object {year, holidays, makeUpDays, source} was wanted; this is no JSON');
  }
  const read = form.safeParse(json);
  if (!read.success) {
    const { path, message } = read.error.issues[0];
    throw refused(from, `${path.join('.') || 'the whole'}: ${message}`);
  }
  const { year, holidays, makeUpDays, source } = read.data;
  const seen = new Set<string>();
  for (const day of [...holidays, ...makeUpDays]) {
    const problem = problemOf(day, year) ?? (seen.has(day) ? 'is named twice' : null);
    if (problem !== null) throw refused(from, `the day ${day} ${problem}`);
    seen.add(day);
  }
  const weekday = makeUpDays.find((day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()));
  if (weekday !== undefined) throw refused(from, `makeUpDays are Saturdays and Sundays; ${weekday} is worked anyway`);
  return { year, holidays: holidays.toSorted(), makeUpDays: makeUpDays.toSorted(), source };
}

function problemOf(day: string, year: number): string | null {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) return 'does not exist';
  const inYear = day.startsWith(`${year}-`) || day.startsWith(`${year - 1}-12-`);
  return inYear ? null : `lies outside ${year}`;
}

function refused(from: string, what: string): ServiceError {
  return new ServiceError('bad-input', `${from}: calendar year: ${what}.`);
}
