import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChangeType, changeTypes } from '../../../detectors/change-type.ts';
import type { Atom, InstrumentFact } from '../../../services/legality/facts.ts';
import { standardThemes } from '../../../services/themes/definition.ts';
import { gradeNames } from '../../../services/themes/grade.ts';
import type { ThemedPatch } from '../../../services/themes/themed-patch.ts';
import { themesOf } from '../../../services/themes/themes-of.ts';
import { LAYER_ROLES } from '../../../services/zones/layer-roles.ts';
import { groundFacts } from '../../support/ground-facts.ts';

const everyLayer = new Set(LAYER_ROLES.map(({ name }) => name));
const paddy = { layers: ['farmland'], landClass: '0101' };
const basicPaddy = { layers: ['farmland', 'permanent-basic-farmland'], landClass: '0101' };
const woods = { layers: ['farmland'], landClass: '0301' };
const mu = (count: number) => (count * 2000) / 3;

function found(
  type: ChangeType,
  atoms: Parameters<typeof groundFacts>[1],
  more: Partial<ThemedPatch> & { given?: Parameters<typeof groundFacts>[2] } = {},
  known: ReadonlySet<string> = everyLayer,
): Record<string, string> {
  const { given, ...patch } = more;
  const themes = themesOf(
    { facts: groundFacts(type, atoms, given), month: '2025-06', ...patch },
    standardThemes,
    known,
  );
  return Object.fromEntries(themes.map(({ theme, severity }) => [theme, severity]));
}

function reasons(
  type: ChangeType,
  atoms: Parameters<typeof groundFacts>[1],
  more: Partial<ThemedPatch> = {},
): string[] {
  const themes = themesOf({ facts: groundFacts(type, atoms), month: '2025-06', ...more }, standardThemes, everyLayer);
  return themes.flatMap(({ theme, because }) => because.map(({ code }) => `${theme} ${code}`));
}

const licence: InstrumentFact = {
  id: 'm1',
  layer: 'mining-licences',
  polygonM2: 50_000,
  kind: 'mining-licence',
  number: 'C43',
  date: '2020-01-01',
  expiry: null,
  areaM2: null,
  holder: null,
};

describe('each theme finds what is planted for it', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'a hall of 2 亩 on paddy is illegal use and loss of farmland, outside every boundary',
      found('built', [{ ...paddy, areaM2: mu(2) }]),
      { 'illegal-land-use': 'ordinary', 'farmland-quantity': 'ordinary', 'growth-boundary': 'ordinary' },
    ],
    [
      'on permanent basic farmland it is serious, from 5 亩 on grave',
      found('bare', [{ ...basicPaddy, areaM2: mu(5) }]),
      { 'illegal-land-use': 'grave', 'farmland-quantity': 'grave', 'unlicensed-mining': 'ordinary' },
    ],
    [
      'a hall in the built-up land and the growth boundary is nobody’s',
      found('built', [{ layers: ['built-up', 'growth-boundary'], areaM2: mu(2) }]),
      {},
    ],
    [
      'a pond on paddy is another use of farmland, outside the season of crops',
      found('water', [{ ...paddy, areaM2: mu(6) }], { month: '2025-12' }),
      { 'farmland-use': 'ordinary' },
    ],
    ['a pond in woods is none', found('water', [{ ...woods, areaM2: mu(6) }], { month: '2025-12' }), {}],
    [
      'a small house in a village, also where the survey has no village but houses are near',
      {
        ...found('built', [{ layers: ['villages', 'growth-boundary'], areaM2: 210 }]),
        near: found('built', [{ areaM2: 210 }], { given: { builtUpM: 60 } })['farmers-houses'],
      },
      { 'illegal-land-use': 'minor', 'farmers-houses': 'minor', near: 'minor' },
    ],
    [
      'a pit that leaves its licence is beyond the boundary',
      found(
        'bare',
        [
          { ...woods, areaM2: 4000, instruments: ['m1'] },
          { ...woods, areaM2: 1000 },
        ],
        { given: { instruments: [licence] } },
      ),
      { 'illegal-land-use': 'serious', 'unlicensed-mining': 'serious' },
    ],
    [
      'a pit within its licence is none of mining',
      found('vegetation-loss', [{ ...woods, areaM2: 4000, instruments: ['m1'] }], {
        given: { instruments: [licence] },
      }),
      {},
    ],
    [
      'felled woods in the red line',
      found('vegetation-loss', [{ landClass: '0301', layers: ['red-line'], areaM2: 900 }]),
      { 'red-line': 'serious', 'unlicensed-mining': 'serious' },
    ],
    [
      'a filled bank',
      found('road', [{ layers: ['growth-boundary', 'river-lake-lines'], areaM2: mu(6) }]),
      { 'illegal-land-use': 'serious', 'rivers-and-lakes': 'serious' },
    ],
    [
      'building on restored land and on land reclaimed',
      found('solar', [{ layers: ['growth-boundary', 'built-up'], areaM2: 1000 }], {
        overlaps: { restoration: 1000, reclamation: 600 },
      }),
      { restoration: 'ordinary', 'new-farmland': 'ordinary' },
    ],
    [
      'anything in an area drawn for an emergency',
      found('vegetation-gain', [{ areaM2: 300 }], { overlaps: { 'emergency-areas': 20 } }),
      { emergency: 'ordinary' },
    ],
  ])('%s', (_, got, wanted) => expect(got).toEqual(wanted));
});

describe('what decides', () => {
  it('land of another class is not farmland, though it lies in the farmland layer', () => {
    expect(found('built', [{ ...woods, areaM2: mu(2) }])).not.toHaveProperty('farmland-quantity');
    expect(found('built', [{ layers: ['farmland'], areaM2: mu(2) }])).toHaveProperty('farmland-quantity');
  });

  it('though the layer’s overlap is known as a sum, the atoms tell which of it is farmland', () => {
    const atoms = [{ ...woods, areaM2: mu(2) }];
    expect(found('built', atoms, { overlaps: { farmland: mu(2) } })).not.toHaveProperty('farmland-quantity');
    expect(found('built', atoms, { overlaps: { 'permanent-basic-farmland': mu(2) } })['illegal-land-use']).toBe(
      'ordinary',
    );
  });

  it('a patch must be as large as its theme’s mapping unit: 200 m² built, 400 m² for farmland use', () => {
    expect(found('built', [{ ...paddy, areaM2: 199 }])).toEqual({});
    expect(found('built', [{ ...paddy, areaM2: 200 }])).toHaveProperty('farmland-quantity');
    expect(found('greenhouse', [{ ...paddy, areaM2: 399 }])).toEqual({});
    expect(found('greenhouse', [{ ...paddy, areaM2: 400 }])).toHaveProperty('farmland-use');
  });

  it('a sliver of a zone makes no theme: 10 % or 100 m² is asked for, whichever is less', () => {
    const on = (m2: number) =>
      found('built', [
        { ...paddy, areaM2: m2 },
        { layers: ['built-up'], areaM2: 5000 - m2 },
      ]);
    expect(on(99)).toEqual({});
    expect(on(100)).toHaveProperty('farmland-quantity');
  });

  it('a crop in its season is only watched, until the place showed it in another month', () => {
    const pond = [{ ...basicPaddy, areaM2: mu(6) }];
    expect(found('water', pond)).toEqual({ 'farmland-use': 'watch' });
    const seen = (month: string, outcome: 'open' | 'dismissed') =>
      found('water', pond, { placeHistory: [{ month, type: 'water', outcome }] });
    expect(seen('2025-01', 'open')).toEqual({ 'farmland-use': 'grave' });
    expect(seen('2025-04', 'open')).toEqual({ 'farmland-use': 'watch' });
    expect(seen('2025-01', 'dismissed')).toEqual({ 'farmland-use': 'watch' });
  });

  it('a place found again is graver, unless what was found was false', () => {
    const again = (outcome: 'resolved' | 'dismissed') =>
      found('built', [{ ...paddy, areaM2: 300 }], { placeHistory: [{ month: '2024-11', type: 'bare', outcome }] });
    expect(again('resolved')['farmland-quantity']).toBe('serious');
    expect(again('dismissed')['farmland-quantity']).toBe('ordinary');
  });

  it('every grade is argued for, and belonging is explained', () => {
    expect(reasons('unknown', [{ ...basicPaddy, areaM2: mu(5) }])).toEqual([
      'illegal-land-use type-undetermined',
      'illegal-land-use outside-zone',
      'illegal-land-use area-band',
      'illegal-land-use takes:permanent-basic-farmland',
      'illegal-land-use takes:permanent-basic-farmland',
      'farmland-quantity type-undetermined',
      'farmland-quantity in-zone',
      'farmland-quantity area-band',
      'farmland-quantity takes:permanent-basic-farmland',
      'farmland-quantity takes:permanent-basic-farmland',
    ]);
  });

  it('where built-up land is not known everything is outside it, and that is said', () => {
    const known = new Set(['farmland']);
    const facts = groundFacts('built', [{ layers: [], areaM2: 500 }]);
    const [theme, ...others] = themesOf({ facts, month: '2025-06' }, standardThemes, known);
    expect(others).toEqual([]);
    expect(theme.because).toContainEqual(
      expect.objectContaining({ code: 'assumed-outside', zh: '未导入已建成区，按全部在其范围外处理' }),
    );
  });
});

describe('for any patch', () => {
  const layers = [
    'built-up',
    'farmland',
    'growth-boundary',
    'permanent-basic-farmland',
    'red-line',
    'river-lake-lines',
    'villages',
  ];
  const atom: fc.Arbitrary<Partial<Atom> & { areaM2: number }> = fc.record({
    areaM2: fc.double({ min: 1, max: 20_000, noNaN: true }),
    layers: fc.subarray(layers),
    landClass: fc.constantFrom(null, '0101', '0103', '0301', '0702'),
  });
  const patch = fc.record({
    type: fc.constantFrom(...(Object.keys(changeTypes) as ChangeType[])),
    atoms: fc.array(atom, { minLength: 1, maxLength: 4 }),
    month: fc.constantFrom('2025-01', '2025-04', '2025-09'),
  });

  it('the themes do not depend on the order of its parts, and each says its grade’s reason in both languages', () => {
    fc.assert(
      fc.property(patch, ({ type, atoms, month }) => {
        const themes = themesOf({ facts: groundFacts(type, atoms), month }, standardThemes, everyLayer);
        const turned = themesOf({ facts: groundFacts(type, [...atoms].reverse()), month }, standardThemes, everyLayer);
        expect(turned.map(({ theme, severity }) => [theme, severity])).toEqual(
          themes.map(({ theme, severity }) => [theme, severity]),
        );
        for (const { severity, because } of themes) {
          expect(because.map(({ grade }) => grade)).toContain(severity);
          for (const { zh, en } of because) expect([zh, en].every((text) => text.length > 0)).toBe(true);
        }
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  it('the same ground, larger, is never graded milder', () => {
    fc.assert(
      fc.property(patch, fc.double({ min: 1, max: 5, noNaN: true }), ({ type, atoms }, times) => {
        const grown = atoms.map((each) => ({ ...each, areaM2: each.areaM2 * times }));
        const less = found(type, atoms, { month: '2025-09' });
        const more = found(type, grown, { month: '2025-09' });
        for (const [theme, grade] of Object.entries(less)) {
          // Houses grow out of their theme.
          if (theme === 'farmers-houses') continue;
          expect(gradeNames.indexOf(more[theme] as never)).toBeGreaterThanOrEqual(gradeNames.indexOf(grade as never));
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
