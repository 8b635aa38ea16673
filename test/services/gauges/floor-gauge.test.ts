import { describe, expect, it } from 'vitest';
import { floorGauge } from '../../../services/gauges/floor-gauge.ts';
import type { GaugeRow } from '../../../services/gauges/gauge-row.ts';
import { standardParameters } from '../../../services/gauges/parameters.ts';
import { gaugeRow, illegal, judged, lawful } from '../../support/gauge-rows.ts';

const hectare = 10_000;
const known = { from: '2024-01', to: '2025-06' };
const gauge = (
  rows: GaugeRow[],
  inputs: { floorM2: number; stockM2: number; addedM2?: number },
  land: 'farmland' | 'basic-farmland' = 'farmland',
) =>
  floorGauge(rows, { district: '', year: '2025', land, inputs: { addedM2: 0, ...inputs } }, known, standardParameters);

describe('farmland kept against the assigned minimum', () => {
  it('of the twelve Hengyang counties is about 2.1 % under their 2025 figure', () => {
    const { margin, marginM2, grade } = gauge([], { floorM2: 378_858 * hectare, stockM2: 371_068 * hectare });
    expect(100 * margin.low).toBeCloseTo(-2.06, 2);
    expect(marginM2).toEqual({ low: -7790 * hectare, high: -7790 * hectare });
    expect(grade).toEqual({ low: 'far-below', high: 'far-below' });
  });

  it('loses what is built on, lawful or not, and gets back what is restored or added', () => {
    const rows = [
      gaugeRow({ patchId: 'a', farmlandM2: 3000, ...lawful }),
      gaugeRow({ patchId: 'b', farmlandM2: 2000, restoredM2: 500, ...illegal }),
      gaugeRow({ patchId: 'c', farmlandM2: 1000 }),
      gaugeRow({ patchId: 'd', farmlandM2: 800, byNewConstruction: false, ...judged('non-grain') }),
      gaugeRow({ farmlandM2: 700, byNewConstruction: false }),
      gaugeRow({ farmlandM2: 600, outcome: 'dismissed' }),
      gaugeRow({ farmlandM2: 500, month: '2024-12', ...lawful }),
    ];
    const kept = gauge(rows, { floorM2: 90_000, stockM2: 100_000, addedM2: 1000 });
    expect(kept.lostM2).toEqual({ low: 5300, high: 6300 });
    expect(kept.keptM2).toEqual({ low: 94_700, high: 95_700 });
    expect(kept.patches).toEqual({ confirmed: ['a', 'b', 'd'], unconfirmed: ['c'] });
  });

  it('counts permanent basic farmland by itself, what was put back shared out evenly', () => {
    const rows = [gaugeRow({ farmlandM2: 2000, basicFarmlandM2: 1000, restoredM2: 500, ...illegal })];
    expect(gauge(rows, { floorM2: 9000, stockM2: 10_000 }, 'basic-farmland').lostM2).toEqual({ low: 750, high: 750 });
  });

  it.each([
    [1.02, 'above'],
    [1.01, 'above'],
    [1.009, 'thin'],
    [1, 'thin'],
    [0.999, 'below'],
    [0.98, 'far-below'],
  ])('%s of the floor is %s', (share, grade) => {
    expect(gauge([], { floorM2: 1000, stockM2: 1000 * share }).grade.low).toBe(grade);
  });

  it('foretells where the margin ends when each month is like last year’s', () => {
    const months = [...Array(18).keys()].map(
      (i) => `${2024 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`,
    );
    const rows = months.map((month) => gaugeRow({ month, farmlandM2: 100, ...lawful }));
    const { margin, forecast } = gauge(rows, { floorM2: 100_000, stockM2: 101_000 });
    expect(margin.low).toBeCloseTo(0.004, 12);
    expect(forecast).toMatchObject({ tooEarly: false });
    if (!forecast.tooEarly) expect(forecast.expected).toBeCloseTo(-0.002, 12);
  });
});
