import type { Label } from '../lifecycle/label.ts';
import { type Forecast, forecastYear } from './forecast.ts';
import { type GaugeRow, inOrder, remainingM2, standingOf } from './gauge-row.ts';
import type { GaugeParameters } from './parameters.ts';
import { type Range, ratio, sumOf } from './range.ts';

export type FloorLand = 'farmland' | 'basic-farmland';

/** above: with room. thin: above, hardly. below, far-below: under the assigned minimum. */
export type FloorGrade = 'above' | 'thin' | 'below' | 'far-below';

export const floorGrades: Record<FloorGrade, Label> = {
  above: { zh: '高于任务', en: 'above the minimum' },
  thin: { zh: '余量不足', en: 'hardly above the minimum' },
  below: { zh: '低于任务', en: 'below the minimum' },
  'far-below': { zh: '明显低于任务', en: 'far below the minimum' },
};

/** What people enter of a district and year, m². */
export interface FloorInputs {
  /** Assigned minimum (保有量). */
  floorM2: number;
  /** Standing at the beginning of the year, by survey. */
  stockM2: number;
  /** Added within the year and accepted (新增耕地验收). */
  addedM2: number;
}

/** Farmland, or permanent basic farmland, kept against the assigned minimum. Areas in m². */
export interface FloorGauge {
  district: string;
  year: string;
  land: FloorLand;
  inputs: FloorInputs;
  /** Taken and not put back within the year: as persons have confirmed, and all that was found. */
  lostM2: Range;
  keptM2: Range;
  /** kept − floor, and that as a share of the floor; below 0 it is missing. */
  marginM2: Range;
  margin: Range;
  grade: { low: FloorGrade; high: FloorGrade };
  /** Margin at the year's end as a share of the floor, if what was found is all true. */
  forecast: Extract<Forecast, { tooEarly: true }> | { tooEarly: false; expected: number; interval: Range };
  /** Ids behind the losses, in order of number. */
  patches: { confirmed: string[]; unconfirmed: string[] };
}

/** `known`: the first and last month for which there are rows, or could be. */
export function floorGauge(
  rows: readonly GaugeRow[],
  of: { district: string; year: string; land: FloorLand; inputs: FloorInputs },
  known: { from: string; to: string },
  parameters: GaugeParameters,
): FloorGauge {
  const { district, year, land, inputs } = of;
  const lost = (row: GaugeRow) => lostIn(row, land);
  const taking = inOrder(rows.filter((row) => row.district.startsWith(district) && lost(row) > 0));
  const within = taking.filter(({ month }) => month.startsWith(year));
  const [confirmed, unconfirmed] = [within.filter(isConfirmed), within.filter((row) => !isConfirmed(row))];
  const lostM2 = { low: sumOf(confirmed, lost), high: sumOf(within, lost) };
  const { floorM2, stockM2, addedM2 } = inputs;
  const keptM2 = { low: stockM2 + addedM2 - lostM2.high, high: stockM2 + addedM2 - lostM2.low };
  const marginOf = (kept: number) => ratio(kept - floorM2, floorM2);
  const margin = { low: marginOf(keptM2.low), high: marginOf(keptM2.high) };
  const losses = forecastYear({ values: byMonth(taking, lost), ...known }, year, parameters);
  const endingWith = (loss: number) => marginOf(stockM2 + addedM2 - loss);
  return {
    district,
    year,
    land,
    inputs,
    lostM2,
    keptM2,
    marginM2: { low: keptM2.low - floorM2, high: keptM2.high - floorM2 },
    margin,
    grade: { low: gradeOf(margin.low, parameters), high: gradeOf(margin.high, parameters) },
    forecast: losses.tooEarly
      ? losses
      : {
          tooEarly: false,
          expected: endingWith(losses.expected),
          interval: { low: endingWith(losses.interval.high), high: endingWith(losses.interval.low) },
        },
    patches: {
      confirmed: confirmed.map(({ patchId }) => patchId),
      unconfirmed: unconfirmed.map(({ patchId }) => patchId),
    },
  };
}

/** What a patch takes of the land and has not put back, lawful or not; land out of grain only where a person said so. */
function lostIn(row: GaugeRow, land: FloorLand): number {
  const takes = row.byNewConstruction || (row.opinionBy === 'person' && row.opinion === 'non-grain');
  if (!takes || standingOf(row) === 'none') return 0;
  if (land === 'farmland') return remainingM2(row);
  // Nobody records which part was put back: it is shared out evenly.
  return row.basicFarmlandM2 * (row.farmlandM2 > 0 ? ratio(remainingM2(row), row.farmlandM2) : 1);
}

function isConfirmed({ opinionBy }: GaugeRow): boolean {
  return opinionBy === 'person';
}

function byMonth(rows: readonly GaugeRow[], value: (row: GaugeRow) => number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row.month, (sums.get(row.month) ?? 0) + value(row));
  return sums;
}

function gradeOf(margin: number, { floor }: GaugeParameters): FloorGrade {
  if (margin >= floor.thin) return 'above';
  if (margin >= 0) return 'thin';
  return margin <= -floor.large ? 'far-below' : 'below';
}
