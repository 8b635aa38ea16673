import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GaugeRow } from '../../../services/gauges/gauge-row.ts';
import { standardParameters } from '../../../services/gauges/parameters.ts';
import { thresholdRadar } from '../../../services/gauges/threshold-radar.ts';
import { gaugeRow, illegal, lawful } from '../../support/gauge-rows.ts';

const mu = (count: number) => (count * 2000) / 3;
const other = (count: number, given: Partial<GaugeRow> = {}) =>
  gaugeRow({ farmlandM2: mu(count), actor: '甲公司', ...illegal, ...given });
const basic = (count: number, given: Partial<GaugeRow> = {}) => other(count, { basicFarmlandM2: mu(count), ...given });
const radar = (rows: GaugeRow[], to = '2025-12') =>
  thresholdRadar(rows, to, standardParameters).map(({ actor, level }) => [actor, level]);

describe('the radar', () => {
  it.each<[string, GaugeRow[], unknown[][]]>([
    ['10 亩 of other farmland reach the line', [other(6), other(4)], [['甲公司', 'review']]],
    ['9.99 亩 are near it', [other(9.99)], [['甲公司', 'near']]],
    ['7.99 亩 are not', [other(7.99)], []],
    ['5 亩 of permanent basic farmland reach the other line', [basic(2), basic(3)], [['甲公司', 'review']]],
    ['the two kinds are not added up', [basic(3.9), other(7.9)], []],
    [
      'what is open may reach it once judged',
      [other(6), other(5, { opinion: null, opinionBy: null })],
      [['甲公司', 'possible']],
    ],
    ['what is lawful or false does not count', [other(6), other(9, lawful), other(9, { outcome: 'dismissed' })], []],
    ['thirteen months are not twelve', [other(6, { month: '2024-12' }), other(5, { month: '2025-12' })], []],
    [
      'twelve months over the turn of the year are',
      [other(6, { month: '2025-01' }), other(5, { month: '2025-12' })],
      [['甲公司', 'review']],
    ],
    [
      'a name written otherwise is the same',
      [other(6, { actor: 'ＡＢ 公司' }), other(5, { actor: 'ab公司' })],
      [['AB', 'review']],
    ],
    ['two patches of nobody known are not added up', [other(6, { actor: null }), other(6, { actor: ' ' })], []],
    ['one large patch of nobody known is shown', [other(10, { actor: null })], [[null, 'review']]],
    ['what was put back still counts: it had been done', [other(10, { restoredM2: mu(10) })], [['甲公司', 'review']]],
  ])('%s', (_, rows, wanted) => {
    const got = radar(rows).map(([actor, level]) => [actor?.startsWith('Ａ') ? 'AB' : actor, level]);
    expect(got).toEqual(wanted);
  });

  it('names patches and districts, and says review for hand-over, never crime', () => {
    const rows = [
      other(6, { patchId: 'a' }),
      basic(6, { patchId: 'b', district: '430408' }),
      other(7, { patchId: 'c', opinion: null, opinionBy: null }),
    ];
    const [entry] = thresholdRadar(rows, '2025-12', standardParameters);
    expect(entry).toMatchObject({
      from: '2025-01',
      to: '2025-12',
      districts: ['430407', '430408'],
      patches: { judged: ['a', 'b'], open: ['c'] },
    });
    expect(entry.because.map(({ zh }) => zh)).toEqual([
      '永久基本农田 6.00 亩，界线 5 亩：移送审查',
      '其他耕地 6.00–13.00 亩，界线 10 亩：待判定后移送审查',
    ]);
    expect(JSON.stringify(entry)).not.toMatch(/犯罪|刑事|criminal|crime/i);
  });

  it('the window of any twelve months holds no more than all of them, and more patches never lower a level', () => {
    const month = fc
      .integer({ min: 0, max: 23 })
      .map((i) => `${2024 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`);
    const row = fc
      .tuple(month, fc.double({ min: 0, max: 8, noNaN: true }))
      .map(([each, area]) => other(area, { month: each }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), row, (rows, more) => {
        const sum = (all: GaugeRow[]) =>
          all.filter((each) => each.month >= '2025-01').reduce((total, each) => total + each.farmlandM2, 0);
        const level = (all: GaugeRow[]) => radar(all)[0]?.[1];
        expect(level(rows)).toBe(
          sum(rows) >= mu(10) - 0.01 ? 'review' : sum(rows) >= mu(8) - 0.01 ? 'near' : undefined,
        );
        if (level(rows) === 'review') expect(level([...rows, more])).toBe('review');
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
