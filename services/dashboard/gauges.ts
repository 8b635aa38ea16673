import { farmlandForecast } from '../gauges/farmland-forecast.ts';
import { type FarmlandGauge, farmlandGauge } from '../gauges/farmland-gauge.ts';
import type { GaugeRow } from '../gauges/gauge-row.ts';
import { standardParameters } from '../gauges/parameters.ts';
import { type RadarEntry, radarLevels, thresholdRadar } from '../gauges/threshold-radar.ts';
import type { GaugeEntry, GaugeFigures, RadarFigures } from './figures.ts';
import { standardDashboard } from './parameters.ts';
import type { Sums } from './sums.ts';

/** The 15 % gauge of each county with its forecast, and the threshold radar; pure. */

/**
 * @param rows of the year of the month and the one before, which forecasts go by
 * @param codes the counties there are, and those that take farmland
 */
export function gaugeFigures(
  rows: readonly GaugeRow[],
  {
    district,
    year,
    codes,
    known,
    names,
  }: {
    district: string;
    year: string;
    codes: readonly string[];
    known: { from: string; to: string } | null;
    names: ReadonlyMap<string, string>;
  },
): GaugeFigures {
  const { farmland } = standardParameters;
  const entry = (code: string): GaugeEntry => {
    const own = rows.filter((row) => row.district.startsWith(code));
    const { patches: _, year: __, ...gauge }: FarmlandGauge = farmlandGauge(own, code, year, standardParameters);
    const forecast = known && farmlandForecast(own, code, year, known, standardParameters);
    return { ...gauge, name: names.get(code) ?? code, forecast };
  };
  return {
    ...{ year, line: farmland.line, near: farmland.near, known },
    total: entry(district),
    districts: codes.map(entry),
  };
}

/** First of the months that the radar of a month adds up. */
export function radarFrom(month: string): string {
  return monthsBefore(month, standardParameters.radar.months - 1);
}

/** @param known patches of actors that are known, each added up; @param alone those that stand alone: counted, and the gravest */
export function radarFigures({ known, alone }: Pick<Sums, 'known' | 'alone'>, month: string): RadarFigures {
  const { radar } = standardParameters;
  const ofKnown = thresholdRadar(known, month, standardParameters);
  const listed = thresholdRadar([...known, ...alone.gravest.map(({ row }) => row)], month, standardParameters);
  const count = (level: RadarEntry['level']) =>
    ofKnown.filter((entry) => entry.level === level).length + alone.counts[level];
  return {
    ...{ from: radarFrom(month), to: month },
    ...{ basicFarmlandMu: radar.basicFarmlandMu, otherFarmlandMu: radar.otherFarmlandMu },
    counts: { review: count('review'), possible: count('possible'), near: count('near') },
    entries: listed
      .slice(0, standardDashboard.radarShown)
      .map(({ patches: _, from: __, to: ___, names: ____, ...entry }) => ({
        ...entry,
        label: radarLevels[entry.level],
      })),
  };
}

export function monthsBefore(month: string, count: number): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - count, 1)).toISOString().slice(0, 7);
}
