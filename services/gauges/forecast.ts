import type { Label } from '../lifecycle/label.ts';
import type { GaugeParameters } from './parameters.ts';
import { type Range, sumOf } from './range.ts';

/** Where a sum over the year's months will stand at its end. */
export type Forecast =
  | { tooEarly: true; because: Label }
  | {
      tooEarly: false;
      /** seasonal: what is to come is what came last year; mean: it is like the months so far; none: the year is over. */
      method: 'seasonal' | 'mean' | 'none';
      monthsLeft: number;
      expected: number;
      /** Within which it will lie as surely as the parameter says, by how far the months so far were off. */
      interval: Range;
    };

export interface MonthlySeries {
  /** By month, YYYY-MM; a month that is absent had nothing. */
  values: ReadonlyMap<string, number>;
  /** First and last month that were reported on: outside of them nothing is known, which is not nothing. */
  from: string;
  to: string;
}

/** Seasonal naive where last year is known in full, otherwise the mean of the year's months; values are never negative. */
export function forecastYear(
  { values, from, to }: MonthlySeries,
  year: string,
  { forecast }: GaugeParameters,
): Forecast {
  const months = monthsOf(year).filter((month) => month >= from && month <= to);
  const left = monthsOf(year).filter((month) => month > to);
  const at = (month: string) => values.get(month) ?? 0;
  const soFar = sumOf(months, at);
  const lastYear = (month: string) => `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`;
  if (left.length === 0)
    return { tooEarly: false, method: 'none', monthsLeft: 0, expected: soFar, interval: { low: soFar, high: soFar } };
  const seasonal = from <= `${Number(year) - 1}-01`;
  const least = seasonal ? forecast.leastMonths : forecast.leastMonthsAlone;
  if (months.length < least) return { tooEarly: true, because: tooEarly(months.length, least) };
  const mean = soFar / months.length;
  const guess = (month: string) => (seasonal ? at(lastYear(month)) : mean);
  // One degree of freedom goes to the mean; last year's months took none from this year's.
  const freedom = seasonal ? months.length : months.length - 1;
  const deviation = Math.sqrt(sumOf(months, (month) => (at(month) - guess(month)) ** 2) / freedom);
  const spread = seasonal ? left.length : left.length * (1 + left.length / months.length);
  const reach = forecast.deviations * deviation * Math.sqrt(spread);
  const expected = soFar + sumOf(left, guess);
  return {
    tooEarly: false,
    method: seasonal ? 'seasonal' : 'mean',
    monthsLeft: left.length,
    expected,
    // What has happened has happened.
    interval: { low: Math.max(soFar, expected - reach), high: expected + reach },
  };
}

/** The twelve months of a year, YYYY-MM. */
export function monthsOf(year: string): string[] {
  return Array.from({ length: 12 }, (_, i) => `${year}-${String(i + 1).padStart(2, '0')}`);
}

function tooEarly(months: number, least: number): Label {
  return {
    zh: `为时尚早：本年仅 ${months} 个月，至少需 ${least} 个月`,
    en: `too early: ${months} months of the year are known, ${least} are needed`,
  };
}
