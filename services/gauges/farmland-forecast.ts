import { farmlandGauge } from './farmland-gauge.ts';
import { type Forecast, forecastYear } from './forecast.ts';
import type { GaugeRow } from './gauge-row.ts';
import type { GaugeParameters } from './parameters.ts';
import { type Range, ratio } from './range.ts';

/** Where the 15 % gauge will stand at the year's end. */
export type FarmlandForecast =
  | Extract<Forecast, { tooEarly: true }>
  | {
      tooEarly: false;
      monthsLeft: number;
      /** Illegal ÷ taken if the months to come are as foreseen: open counted as lawful, and as illegal. */
      expected: Range;
      /** Over both doubts: what is open, and how far the months may be off. */
      interval: Range;
    };

/** `known`: the first and last month for which there are rows, or could be. Null where nothing was or will be taken. */
export function farmlandForecast(
  rows: readonly GaugeRow[],
  district: string,
  year: string,
  known: { from: string; to: string },
  parameters: GaugeParameters,
): FarmlandForecast | null {
  const [illegal, perhaps, taken] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  for (const month of new Set(rows.map((row) => row.month))) {
    const gauge = farmlandGauge(rows, district, month, parameters);
    illegal.set(month, gauge.illegalM2);
    perhaps.set(month, (gauge.ratio?.high ?? 0) * gauge.takenM2);
    taken.set(month, gauge.takenM2);
  }
  const [low, high, all] = [illegal, perhaps, taken].map((values) =>
    forecastYear({ values, ...known }, year, parameters),
  );
  if (low.tooEarly) return low;
  if (high.tooEarly || all.tooEarly || all.expected === 0) return null;
  return {
    tooEarly: false,
    monthsLeft: all.monthsLeft,
    expected: { low: ratio(low.expected, all.expected), high: ratio(high.expected, all.expected) },
    interval: {
      low: ratio(low.interval.low, all.interval.high),
      high: Math.min(1, ratio(high.interval.high, all.interval.low)),
    },
  };
}
