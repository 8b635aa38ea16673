import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChangeType, changeTypes } from '../../../detectors/change-type.ts';
import { BUILT_IN } from '../../../services/legality/built-in.ts';
import type { Atom, InstrumentFact, PatchFacts } from '../../../services/legality/facts.ts';
import { formOpinion } from '../../../services/legality/form-opinion.ts';
import type { InstrumentKind } from '../../../services/zones/layer-roles.ts';
import { allLayers, document, patchFacts } from '../../support/legal-facts.ts';

const [{ ruleSet: rules }] = BUILT_IN;
const seeded = { seed: 20250618, numRuns: 1000 };
const kinds = rules.checks.flatMap(({ instruments }) => instruments) as InstrumentKind[];
const ids = ['d1', 'd2', 'd3'];
const landLayers = ['farmland', 'land-use', 'built-up', 'permanent-basic-farmland', 'red-line', 'growth-boundary'];

/** Days around the onset, or none. */
const day = fc.constantFrom(null, '2023-03-01', '2025-05-20', '2025-06-01', '2025-06-18', '2025-07-02', '2026-01-01');

const atom: fc.Arbitrary<Atom> = fc.record({
  areaM2: fc.double({ min: 0.001, max: 3000, noNaN: true }),
  layers: fc.subarray([...landLayers, 'river-lake-lines'], { minLength: 0 }),
  landClass: fc.constantFrom(null, '0101', '0103', '0301', '0702', '1104'),
  instruments: fc.subarray(ids),
});

const instrument = (id: string): fc.Arbitrary<InstrumentFact> =>
  fc
    .record({ kind: fc.constantFrom(...kinds), date: day, expiry: day, polygonM2: fc.integer({ min: 1, max: 9000 }) })
    .map(({ kind, ...given }) => document(id, kind, given));

const layers = fc
  .record(
    Object.fromEntries(
      allLayers().map(({ layer }) => [
        layer,
        fc.constantFrom({}, {}, {}, null, { covers: false }, { completeTo: null }, { completeTo: '2025-06-01' }),
      ]),
    ),
  )
  .map((given) => allLayers(given));

const facts: fc.Arbitrary<PatchFacts> = fc
  .record({
    type: fc.constantFrom(...(Object.keys(changeTypes) as ChangeType[])),
    typeConfidence: fc.constantFrom(0.3, 0.9),
    atoms: fc.array(atom, { minLength: 1, maxLength: 6 }),
    instruments: fc.tuple(...ids.map(instrument)),
    layers,
    established: fc.constantFrom(
      {},
      {},
      { ruralRoad: true },
      { facilityFarmland: true },
      { builtBefore: '2025-05-25' },
    ),
  })
  .map(({ type, typeConfidence, ...given }) => patchFacts({ patch: { type, typeConfidence }, ...given }));

describe('Any opinion', () => {
  it('is the same to the byte whatever order its facts stand in, and when it is formed again from what was stored', () => {
    const shuffles = fc.record({ facts, seed: fc.integer() });
    fc.assert(
      fc.property(shuffles, ({ facts, seed }) => {
        const first = JSON.stringify(formOpinion(facts, rules));
        expect(JSON.stringify(formOpinion(shuffled(facts, seed), rules))).toBe(first);
        expect(JSON.stringify(formOpinion(JSON.parse(JSON.stringify(facts)), rules))).toBe(first);
      }),
      seeded,
    );
  });

  it('has figures that add up to the patch, and no zone larger than it', () => {
    fc.assert(
      fc.property(facts, (facts) => {
        const { figures } = formOpinion(facts, rules);
        const { areaM2, coveredM2, freeM2, doubtfulM2, uncoveredM2 } = figures;
        expect(Math.abs(coveredM2 + freeM2 + doubtfulM2 + uncoveredM2 - areaM2)).toBeLessThan(0.03);
        for (const zone of [figures.farmland, figures.permanentBasicFarmland, figures.redLine]) {
          expect(zone.areaM2).toBeLessThanOrEqual(areaM2 + 0.01);
          expect(zone.doubtfulM2 + zone.uncoveredM2).toBeLessThanOrEqual(zone.areaM2 + 0.02);
        }
      }),
      seeded,
    );
  });

  it('can only fall into doubt when a layer stops vouching: no patch becomes lawful or illegal by it', () => {
    const cases = fc.record({ facts, index: fc.nat(), completeTo: fc.constantFrom(null, '2020-01-01') });
    fc.assert(
      fc.property(cases, ({ facts, index, completeTo }) => {
        fc.pre(facts.layers.length > 0);
        const stale = facts.layers.map((fact, i) =>
          i === index % facts.layers.length ? { ...fact, completeTo } : fact,
        );
        const [before, after] = [facts, { ...facts, layers: stale }].map((each) => formOpinion(each, rules));
        // What is small is left, whatever is not known of it.
        if (after.kind !== 'below-minimum-area') expect([before.opinion, 'in-doubt']).toContain(after.opinion);
      }),
      { ...seeded, numRuns: 2000 },
    );
  });

  it('in doubt names what it hangs on, and any other hangs on nothing', () => {
    fc.assert(
      fc.property(facts, (facts) => {
        const { opinion, missing } = formOpinion(facts, rules);
        expect(missing.some(({ decides }) => decides)).toBe(opinion === 'in-doubt');
      }),
      seeded,
    );
  });

  it('never becomes illegal by one more valid approval over the whole patch', () => {
    fc.assert(
      fc.property(facts, (facts) => {
        const more = document('d9', 'national-project');
        const atoms = facts.atoms.map((atom) => ({ ...atom, instruments: [...atom.instruments, more.id] }));
        const { opinion } = formOpinion({ ...facts, atoms, instruments: [...facts.instruments, more] }, rules);
        const early = facts.established.builtBefore === undefined;
        if (early && facts.patch.type !== 'built') expect(opinion).toMatch(/^(lawful|other)$/);
        else expect(opinion).not.toBe('suspected-illegal');
      }),
      seeded,
    );
  });
});

/** The same facts in another order, by a fixed rule of chance. */
function shuffled(facts: PatchFacts, seed: number): PatchFacts {
  let state = seed >>> 0;
  const mixed = <T>(list: readonly T[]): T[] =>
    list
      .map((each) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return { each, key: state };
      })
      .sort((a, b) => a.key - b.key)
      .map(({ each }) => each);
  const atoms = mixed(facts.atoms).map((each) => ({
    ...each,
    layers: mixed(each.layers),
    instruments: mixed(each.instruments),
  }));
  return { ...facts, atoms, instruments: mixed(facts.instruments), layers: mixed(facts.layers) };
}
