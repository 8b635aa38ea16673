import { latestGaugeInputs } from '../store/gauge-inputs.ts';
import { gaugeRows, monthsReported } from '../store/gauge-rows.ts';
import { districtNames } from '../store/month-figures.ts';
import type { Store } from '../store/open.ts';
import { balance, type Difference, headlineDifferences } from './balance.ts';
import { type FarmlandForecast, farmlandForecast } from './farmland-forecast.ts';
import { type FarmlandGauge, farmlandGauges } from './farmland-gauge.ts';
import { type FloorGauge, type FloorLand, floorGauge } from './floor-gauge.ts';
import type { GaugeRow } from './gauge-row.ts';
import { type EnteredInput, inBaseUnit, inputsOf } from './inputs.ts';
import { standardParameters } from './parameters.ts';
import { type QuotaResult, quotaResults, standardQuotaLinks } from './quota-link.ts';

/** All gauges of a year, as stored rows give them now. */
export interface GaugesReport {
  year: string;
  /** District code prefix, '' = all. */
  district: string;
  names: Record<string, string>;
  editions: { parameters: string; quotaLinks: string };
  /** First and last month with a finished run; null = none: nothing is known. */
  known: { from: string; to: string } | null;
  farmland: { districts: FarmlandGauge[]; total: FarmlandGauge };
  /** Of the total, to the year's end; null where nothing is taken or no month is known. */
  forecast: FarmlandForecast | null;
  floors: FloorGauge[];
  /** Districts with an assigned minimum whose standing nobody entered, or the other way round. */
  floorsLacking: { district: string; land: FloorLand; missing: string[] }[];
  quota: QuotaResult[];
  differences: Difference[];
}

const floorNames: Record<FloorLand, [floor: string, stock: string, added: string]> = {
  farmland: ['farmlandFloor', 'farmlandStock', 'newFarmland'],
  'basic-farmland': ['basicFarmlandFloor', 'basicFarmlandStock', 'newBasicFarmland'],
};

/** Rows of the year and of the one before, which forecasts go by. */
export async function readGaugeRows(store: Store, year: string, district: string): Promise<GaugeRow[]> {
  const { constructionTypes } = standardParameters;
  return gaugeRows(store.db, { from: `${Number(year) - 1}-01`, to: `${year}-12`, district, constructionTypes });
}

export async function readGauges(store: Store, year: string, district: string): Promise<GaugesReport> {
  const parameters = standardParameters;
  const rows = await readGaugeRows(store, year, district);
  const inputs = (await latestGaugeInputs(store.db, year))
    .filter((input) => input.district.startsWith(district))
    .map((input): EnteredInput => ({ ...input, value: inBaseUnit(input.value, input.unit) }));
  const names = await districtNames(store.db);
  const known = await monthsReported(store.db);
  const farmland = farmlandGauges(rows, year, parameters);
  const gauge: FarmlandGauge = { ...farmland.total, district };
  const months = known ?? { from: `${year}-12`, to: `${Number(year) - 1}-12` };
  return {
    year,
    district,
    names: Object.fromEntries([...names].filter(([code]) => code.startsWith(district))),
    editions: { parameters: parameters.edition, quotaLinks: standardQuotaLinks.edition },
    known,
    farmland: { districts: farmland.districts, total: gauge },
    forecast: known && farmlandForecast(rows, district, year, known, parameters),
    ...floorsOf(rows, inputs, year, months),
    quota: quotaResults(standardQuotaLinks, gauge, inputsOf(inputs, district)),
    differences: [
      ...balance(rows, year, {}, parameters),
      ...inputs
        .filter(({ name }) => name === 'farmlandTaken')
        .flatMap(({ district: of, value }) => {
          const own = rows.filter((row) => row.district.startsWith(of) && row.month.startsWith(year));
          return headlineDifferences(own, year, { takenM2: value }, parameters, of);
        }),
    ],
  };
}

/** The floor gauges of what people entered, and where something is lacking; pure. */
export function floorsOf(
  rows: readonly GaugeRow[],
  inputs: readonly EnteredInput[],
  year: string,
  known: { from: string; to: string },
): Pick<GaugesReport, 'floors' | 'floorsLacking'> {
  const floors: FloorGauge[] = [];
  const floorsLacking: GaugesReport['floorsLacking'] = [];
  for (const district of [...new Set(inputs.map((input) => input.district))].sort()) {
    const own = inputsOf(inputs, district);
    for (const land of Object.keys(floorNames) as FloorLand[]) {
      const [floor, stock, added] = floorNames[land];
      const missing = [floor, stock].filter((name) => own[name] === undefined);
      if (missing.length === 2) continue;
      if (missing.length === 1) floorsLacking.push({ district, land, missing });
      else {
        const of = { floorM2: own[floor], stockM2: own[stock], addedM2: own[added] ?? 0 };
        floors.push(floorGauge(rows, { district, year, land, inputs: of }, known, standardParameters));
      }
    }
  }
  return { floors, floorsLacking };
}
