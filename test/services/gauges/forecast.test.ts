import { describe, expect, it } from 'vitest';
import { farmlandForecast } from '../../../services/gauges/farmland-forecast.ts';
import { forecastYear, monthsOf } from '../../../services/gauges/forecast.ts';
import { standardParameters } from '../../../services/gauges/parameters.ts';
import { gaugeRow, illegal, lawful } from '../../support/gauge-rows.ts';
import { seededNormal } from '../../support/random.ts';

const parameters = standardParameters;
const series = (year: string, values: number[]) =>
  monthsOf(year)
    .slice(0, values.length)
    .map((month, i) => [month, values[i]] as const);

describe('a year’s sum', () => {
  it('repeats last year where this year has so far, month by month', () => {
    const season = [1, 1, 5, 9, 9, 5, 1, 1, 1, 1, 1, 1];
    const values = new Map([...series('2024', season), ...series('2025', season.slice(0, 4))]);
    const forecast = forecastYear({ values, from: '2024-01', to: '2025-04' }, '2025', parameters);
    expect(forecast).toEqual({
      tooEarly: false,
      method: 'seasonal',
      monthsLeft: 8,
      expected: 36,
      interval: { low: 36, high: 36 },
    });
  });

  it('goes by the mean where last year is not known', () => {
    const values = new Map(series('2025', [2, 2, 2, 2, 2, 2]));
    const forecast = forecastYear({ values, from: '2025-01', to: '2025-06' }, '2025', parameters);
    expect(forecast).toMatchObject({ method: 'mean', expected: 24, interval: { low: 24, high: 24 } });
  });

  it.each([
    ['two months, with last year', '2024-01', '2025-02', true],
    ['three months, with last year', '2024-01', '2025-03', false],
    ['five months, without', '2024-02', '2025-05', true],
    ['six months, without', '2025-01', '2025-06', false],
    ['six months of which nobody looked at the first', '2025-02', '2025-06', true],
    ['a year that has not begun', '2024-01', '2024-12', true],
  ])('is foretold or too early: %s', (_, from, to, early) => {
    const forecast = forecastYear({ values: new Map(), from, to }, '2025', parameters);
    expect(forecast.tooEarly).toBe(early);
    if (forecast.tooEarly) expect(forecast.because.zh).toContain('为时尚早');
  });

  it('is what it is when the year is over', () => {
    const values = new Map(series('2025', [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4]));
    expect(forecastYear({ values, from: '2025-01', to: '2025-12' }, '2025', parameters)).toMatchObject({
      method: 'none',
      expected: 7,
      interval: { low: 7, high: 7 },
    });
  });

  it('is never below what has happened already', () => {
    const values = new Map([...series('2024', [0, 0, 0, 0]), ...series('2025', [10, 0, 10])]);
    const forecast = forecastYear({ values, from: '2024-01', to: '2025-03' }, '2025', parameters);
    expect(forecast).toMatchObject({ expected: 20, interval: { low: 20 } });
  });

  it('lies in its 80 % interval in about 80 of 100 years', () => {
    const normal = seededNormal(8);
    let within = 0;
    const years = 400;
    for (let i = 0; i < years; i++) {
      const [last, now] = [0, 0].map(() => Array.from({ length: 12 }, () => 100 + 10 * normal()));
      const values = new Map([...series('2024', last), ...series('2025', now.slice(0, 8))]);
      const forecast = forecastYear({ values, from: '2024-01', to: '2025-08' }, '2025', parameters);
      if (forecast.tooEarly) throw new Error('too early');
      const truth = now.reduce((sum, value) => sum + value, 0);
      if (truth >= forecast.interval.low && truth <= forecast.interval.high) within++;
    }
    expect(within / years).toBeGreaterThan(0.72);
    expect(within / years).toBeLessThan(0.88);
  });
});

describe('the 15 % gauge at the year’s end', () => {
  const months = [...monthsOf('2024'), ...monthsOf('2025').slice(0, 6)];
  const rows = months.flatMap((month) => [
    gaugeRow({ month, farmlandM2: 100, ...illegal }),
    gaugeRow({ month, farmlandM2: 100 }),
    gaugeRow({ month, farmlandM2: 800, ...lawful }),
  ]);

  it('stays where every month is like the last', () => {
    const forecast = farmlandForecast(rows, '', '2025', { from: '2024-01', to: '2025-06' }, parameters);
    expect(forecast).toEqual({
      tooEarly: false,
      monthsLeft: 6,
      expected: { low: 0.1, high: 0.2 },
      interval: { low: 0.1, high: 0.2 },
    });
  });

  it('is not foretold where nothing is taken, nor from two months', () => {
    expect(farmlandForecast([], '', '2025', { from: '2024-01', to: '2025-06' }, parameters)).toBeNull();
    expect(farmlandForecast(rows, '', '2025', { from: '2024-01', to: '2025-02' }, parameters)).toMatchObject({
      tooEarly: true,
    });
  });
});
