import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balance } from '../../../services/gauges/balance.ts';
import { farmlandGauge, farmlandGauges, whatIfRestored } from '../../../services/gauges/farmland-gauge.ts';
import type { GaugeRow } from '../../../services/gauges/gauge-row.ts';
import { standardParameters } from '../../../services/gauges/parameters.ts';
import { byRules, gaugeRow, illegal, judged, lawful } from '../../support/gauge-rows.ts';

const parameters = standardParameters;
const withRestored = (restored: 'illegal' | 'illegal-and-total' | 'counts') => ({
  ...parameters,
  farmland: { ...parameters.farmland, restored },
});

/** 1,000 m² illegal, 500 suspected by rules, 500 in doubt, 8,000 lawful. */
const planted = [
  gaugeRow({ patchId: 'i', farmlandM2: 1000, ...illegal }),
  gaugeRow({ patchId: 's', farmlandM2: 500, ...byRules('suspected-illegal:used-before-approval') }),
  gaugeRow({ patchId: 'd', farmlandM2: 500, ...byRules('in-doubt:document-undated') }),
  gaugeRow({ patchId: 'l', farmlandM2: 8000, ...lawful }),
];

describe('the 15 % gauge', () => {
  it('is illegal ÷ taken, from none of what is open being illegal to all of it', () => {
    const gauge = farmlandGauge(planted, '430407', '2025', parameters);
    expect(gauge).toMatchObject({ illegalM2: 1000, openM2: 1000, lawfulM2: 8000, takenM2: 10_000 });
    expect(gauge.ratio).toEqual({ low: 0.1, high: 0.2 });
    expect(gauge.byOpinion).toBe(0.15);
    expect(gauge.grade).toEqual({ low: 'near', high: 'over' });
    expect(gauge.patches).toEqual({ illegal: ['i'], lawful: ['l'], open: ['s', 'd'] });
  });

  it.each<[string, Partial<GaugeRow>, number]>([
    ['false changes', { outcome: 'dismissed', state: 'false-change' }, 0],
    ['other years', { month: '2024-12' }, 0],
    ['what is no new construction', { byNewConstruction: false }, 0],
    ['what takes no farmland', { farmlandM2: 0, areaM2: 900 }, 0],
    ['a rule’s word for lawful, rural road or facility, as lawful', byRules('facility-farmland'), 0],
    ['a person’s word against the rules’, as the person says', lawful, 0],
    ['a person’s judgement of another kind of farmland use', judged('non-grain'), 1],
  ])('counts %s', (_, given, low) => {
    const gauge = farmlandGauge([gaugeRow(given), gaugeRow({ farmlandM2: 0, areaM2: 1 })], '', '2025', parameters);
    expect(gauge.illegalM2).toBe(low * 1000);
    expect(gauge.openM2).toBe(0);
  });

  it('takes what was put back from the illegal area, also from the total, or from neither, as the parameter says', () => {
    const rows = [
      gaugeRow({ farmlandM2: 2000, restoredM2: 1000, ...illegal }),
      gaugeRow({ farmlandM2: 8000, ...lawful }),
    ];
    const low = (restored: 'illegal' | 'illegal-and-total' | 'counts') =>
      farmlandGauge(rows, '', '2025', withRestored(restored)).ratio?.low;
    expect(low('counts')).toBe(0.2);
    expect(low('illegal')).toBe(0.1);
    expect(low('illegal-and-total')).toBeCloseTo(1 / 9, 12);
  });

  it('has no ratio where nothing was taken, which is not 0 %', () => {
    expect(farmlandGauge([], '430407', '2025', parameters)).toMatchObject({
      ratio: null,
      byOpinion: null,
      grade: null,
    });
  });

  it('has one row per district; the total is summed by itself', () => {
    const rows = [...planted, gaugeRow({ district: '430408', farmlandM2: 3000, ...illegal })];
    const { districts, total } = farmlandGauges(rows, '2025', parameters);
    expect(districts.map(({ district, takenM2 }) => [district, takenM2])).toEqual([
      ['430407', 10_000],
      ['430408', 3000],
    ]);
    expect(total).toMatchObject({ district: '', takenM2: 13_000, illegalM2: 4000 });
  });

  it('if these were restored: the illegal share falls, and patches that change nothing are named', () => {
    const numbered = planted.map((row, i) => ({ ...row, number: `43040720250300${i}` }));
    const { before, after, without } = whatIfRestored(numbered, ['430407202503000', 'l', 'x'], '', '2025', parameters);
    expect([before.ratio?.low, after.ratio?.low]).toEqual([0.1, 0]);
    expect(after.ratio?.high).toBe(0.1);
    expect(without).toEqual(['l', 'x']);
  });

  it.each([
    ['below every line', [gaugeRow({ farmlandM2: 1, ...illegal }), gaugeRow({ farmlandM2: 99, ...lawful })]],
    ['near it', [gaugeRow({ farmlandM2: 12, ...illegal }), gaugeRow({ farmlandM2: 88, ...lawful })]],
    ['over it', [gaugeRow({ farmlandM2: 15, ...illegal }), gaugeRow({ farmlandM2: 85, ...lawful })]],
    [
      'over it only if what is open is illegal',
      [gaugeRow({ farmlandM2: 15 }), gaugeRow({ farmlandM2: 85, ...lawful })],
    ],
    ['with nothing to go by', []],
  ])('%s: never says safe, and below the line says what holds there too', (_, rows) => {
    const { warning, grade } = farmlandGauge(rows, '', '2025', parameters);
    expect(warning.en + warning.zh).not.toMatch(/\bsafe\b|\bfine\b|安全|达标|无风险/i);
    if (grade !== null && grade.low !== 'over') expect(warning.zh).toContain('同样问责');
  });
});

const anyRow: fc.Arbitrary<GaugeRow> = fc
  .record({
    farmlandM2: fc.double({ min: 0, max: 20_000, noNaN: true }),
    put: fc.double({ min: 0, max: 1, noNaN: true }),
    month: fc.constantFrom('2024-11', '2025-01', '2025-06'),
    district: fc.constantFrom('430407', '430408', '430421'),
    byNewConstruction: fc.boolean(),
    opinion: fc.constantFrom(
      {},
      illegal,
      lawful,
      judged('non-grain'),
      byRules('in-doubt'),
      byRules('suspected-illegal'),
      byRules('lawful'),
    ),
    outcome: fc.constantFrom('open', 'resolved', 'dismissed'),
  })
  .map(({ put, opinion, ...row }) => gaugeRow({ ...row, ...opinion, restoredM2: put * row.farmlandM2 }));
const anyRows = fc.uniqueArray(anyRow, { maxLength: 30, selector: ({ patchId }) => patchId });
const anyParameters = fc.constantFrom(...(['illegal', 'illegal-and-total', 'counts'] as const).map(withRestored));

describe('for any rows', () => {
  it('low ≤ by opinion ≤ high, all within 0 and 1, whatever the order of the rows', () => {
    fc.assert(
      fc.property(anyRows, anyParameters, (rows, given) => {
        const gauge = farmlandGauge(rows, '', '2025', given);
        expect(farmlandGauge([...rows].reverse(), '', '2025', given)).toEqual(gauge);
        if (gauge.ratio === null) return;
        const figures = [0, gauge.ratio.low, gauge.byOpinion!, gauge.ratio.high, 1];
        for (let i = 1; i < figures.length; i++) expect(figures[i]).toBeGreaterThanOrEqual(figures[i - 1] - 1e-12);
      }),
      { seed: 15, numRuns: 1000 },
    );
  });

  it('restoring more never raises the gauge', () => {
    fc.assert(
      fc.property(anyRows, anyParameters, fc.double({ min: 0, max: 1, noNaN: true }), (rows, given, part) => {
        const some = rows.slice(0, Math.floor(part * rows.length)).map(({ patchId }) => patchId);
        const more = rows.map(({ patchId }) => patchId);
        const [none, few, all] = [[], some, more].map((named) => whatIfRestored(rows, named, '', '2025', given).after);
        for (const bound of ['low', 'high'] as const) {
          expect(few.ratio?.[bound] ?? 0).toBeLessThanOrEqual((none.ratio?.[bound] ?? 0) + 1e-12);
          expect(all.ratio?.[bound] ?? 0).toBeLessThanOrEqual((few.ratio?.[bound] ?? 0) + 1e-12);
        }
      }),
      { seed: 16, numRuns: 500 },
    );
  });

  it('districts add up to the total', () => {
    fc.assert(
      fc.property(anyRows, anyParameters, (rows, given) => {
        expect(balance(rows, '2025', {}, given)).toEqual([]);
      }),
      { seed: 17, numRuns: 1000 },
    );
  });
});
