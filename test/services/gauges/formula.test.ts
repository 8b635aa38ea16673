import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farmlandGauge } from '../../../services/gauges/farmland-gauge.ts';
import { parseFormula } from '../../../services/gauges/formula.ts';
import { parseParameters, standardParameters } from '../../../services/gauges/parameters.ts';
import { parseQuotaLinks, quotaResults, standardQuotaLinks } from '../../../services/gauges/quota-link.ts';
import { gaugeRow, illegal, lawful } from '../../support/gauge-rows.ts';

const figures = { a: 6, b: 3, zero: 0, unknown: null };

describe('a formula', () => {
  it.each<[string, number | null]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) × 3', 9],
    ['7 − 2 − 1', 4],
    ['a ÷ b ÷ 2', 1],
    ['-a + --b', -3],
    ['2 - -b', 5],
    ['min(a, b, 2) + max(a, b)', 8],
    ['a > b', 1],
    ['a ≤ b', 0],
    ['1 + 1 == 2', 1],
    ['if(a >= 6, 10, zero ÷ zero)', 10],
    ['if(a != 6, 10, 20.5)', 20.5],
    ['a / zero', null],
    ['a + missing', null],
    ['max(a, unknown)', null],
    ['0 × unknown', null],
    ['if(unknown, 1, 2)', null],
    ['toString', null],
  ])('%s = %s', (text, value) => expect(parseFormula(text).value(figures)).toBe(value));

  it('knows the names it asks for', () => {
    expect(parseFormula('max(a, b) + a × if(c > 1, d, 2)').names).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['', 'wanted a number, a name or (, got the end'],
    ['1 +', 'got the end'],
    ['1 2', "wanted an operator or the end, got '2' at character 2"],
    ['(1', 'wanted ), got the end'],
    ['eval(1)', 'calls eval(); only min, max and if are known'],
    ['a.b', 'at character 2: a number, a name or a sign was wanted'],
    ['a["b"]', 'at character 2'],
    ['if(1, 2)', 'gives if() 2 values; it takes 3'],
    ['min()', 'wanted a number, a name or ('],
    ['process; exit', 'at character 8'],
    [`${'('.repeat(60)}1${')'.repeat(60)}`, 'is nested more than 50 deep'],
    ['1+'.repeat(600), 'has 1200 characters; 1000 is the most'],
  ])('%j is refused in one line', (text, words) => {
    expect(() => parseFormula(text)).toThrow(words);
    expect(() => parseFormula(text)).toThrow(/^The formula "[^\n]*\.$/);
  });

  it('of any shape gives what arithmetic gives', () => {
    type Sum = { text: string; value: number };
    const leaf = fc.integer({ min: 0, max: 99 }).map((value): Sum => ({ text: String(value), value }));
    const { tree } = fc.letrec<{ tree: Sum }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.tuple(fc.constantFrom('+', '-', '*', 'max'), tie('tree'), tie('tree')).map(([sign, a, b]): Sum => {
          const by = {
            '+': a.value + b.value,
            '-': a.value - b.value,
            '*': a.value * b.value,
            max: Math.max(a.value, b.value),
          };
          return {
            text: sign === 'max' ? `max(${a.text},${b.text})` : `(${a.text} ${sign} ${b.text})`,
            value: by[sign],
          };
        }),
      ),
    }));
    fc.assert(
      fc.property(tree, ({ text, value }) => {
        fc.pre(text.length <= 1000);
        expect(parseFormula(text).value({})).toBe(value);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });
});

describe('the quota link', () => {
  const gauge = farmlandGauge(
    [gaugeRow({ farmlandM2: 2000, ...illegal }), gaugeRow({ farmlandM2: 8000, ...lawful })],
    '430407',
    '2025',
    standardParameters,
  );
  const link = {
    id: 'x',
    title: { zh: '扣减', en: 'Deducted' },
    unit: 'm2',
    formula: 'quota × ratioLow',
    district: '',
    fromYear: 2024,
    toYear: null,
    source: 'test',
  };
  const links = (given: object) => parseQuotaLinks({ edition: 'e', links: [{ ...link, ...given }] });

  it('works out a formula over the gauge and what was entered, with every figure it used', () => {
    expect(quotaResults(links({}), gauge, { quota: 500 })).toMatchObject([
      { value: 100, figures: { quota: 500, ratioLow: 0.2 }, missing: [] },
    ]);
    expect(quotaResults(links({}), gauge, {})).toMatchObject([{ value: null, missing: ['quota'] }]);
  });

  it('holds for its districts and years only', () => {
    expect(quotaResults(links({ district: '4304' }), gauge, {})).toHaveLength(1);
    for (const given of [{ district: '44' }, { fromYear: 2026 }, { toYear: 2024 }])
      expect(quotaResults(links(given), gauge, {})).toEqual([]);
  });

  it('comes with an example that says it is one', () => {
    const results = quotaResults(standardQuotaLinks, gauge, {});
    expect(results.map(({ id, value }) => [id, value])).toEqual([
      ['quota-deducted', 3000],
      ['indicators-frozen', 1],
    ]);
    for (const { source } of results) expect(source).toContain('示例');
  });

  it.each([
    ['a formula that does not parse', () => links({ formula: '1 +' }), 'The formula "1 +"'],
    ['a key nobody knows', () => links({ colour: 1 }), 'Quota links: links.0'],
    [
      'parameters that contradict themselves',
      () => parseParameters({ ...standardParameters, farmland: { near: 0.2, line: 0.15, restored: 'illegal' } }),
      'farmland.near must not be above',
    ],
    ['parameters of another shape', () => parseParameters({}), 'Gauge parameters: edition'],
  ])('%s is refused', (_, parse, words) => expect(parse).toThrow(words));
});
