import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCql } from '../../../services/features/cql2/parse.ts';
import type { Feature } from '../../../services/features/feature.ts';
import { matches } from '../../../services/features/matches.ts';
import { ZONE_QUERYABLES, zoneFeatures } from '../../../services/features/zone-features.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantZone } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const texts = ['a', 'A', 'ab', '%', '_', 'a_b', '*', '[a]', '衡阳', "o'b", ''];
const text = fc.constantFrom(...texts).map((one) => `'${one.replaceAll("'", "''")}'`);
const name = fc.constantFrom('externalId', 'name', 'landClass', 'district');
const pattern = fc.array(fc.constantFrom('a', 'b', '%', '_', '\\%', '\\_', '*', '[', '衡'), { maxLength: 4 });
const shape = fc.constantFrom(
  'POINT(112.5 26.5)',
  'BBOX(112, 26, 112.4, 27)',
  'LINESTRING(111 26.5,114 26.6)',
  'POINT(1 1)',
);

/** Any filter over zones, as text. */
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(name, fc.constantFrom('=', '<>'), text).map((parts) => parts.join(' ')),
    fc
      .tuple(name, fc.array(text, { minLength: 1, maxLength: 3 }))
      .map(([one, values]) => `${one} IN (${values.join(',')})`),
    fc.tuple(name, pattern).map(([one, parts]) => `${one} LIKE '${parts.join('')}'`),
    name.map((one) => `${one} IS NULL`),
    fc
      .tuple(fc.constantFrom('<', '<=', '>', '>=', '='), fc.constantFrom(0, 1000, 2000.5))
      .map(([is, at]) => `areaM2 ${is} ${at}`),
    fc.constant('areaM2 BETWEEN 500 AND 1500'),
    shape.map((one) => `S_INTERSECTS(geometry, ${one})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition'))
      .map(([a, is, b]) => `(${a}) ${is} (${b})`),
    tie('condition').map((one) => `NOT (${one})`),
  ),
}));

const asked = { within: '', limit: 1000, at: new Date('2025-07-01T00:00:00Z') };

/** A zone for each text, all of one version; some with a land class and an area of their own, the rest with none. */
async function plantZones(store: Store): Promise<Feature[]> {
  await plantZone(store, 'districts', '430421', '衡阳县');
  for (const [i, one] of texts.entries()) await plantZone(store, 'farmland', `F${i}`, one);
  const last = `layer-farmland-F${texts.length - 1}`;
  const farmland = () => store.db.updateTable('zones').where('externalId', 'like', 'F%');
  await farmland().set({ layerId: last, landClass: null }).execute();
  for (const [i, landClass] of ['01', 'a_b', '%'].entries()) {
    await farmland()
      .set({ landClass, areaM2: 1000 * i })
      .where('externalId', '=', `F${i}`)
      .execute();
  }
  return (await zoneFeatures(store, 'farmland', asked)).features;
}

describeOnBothStores('a filter in memory', (open) => {
  it('means the same features as the database, what is null and what is not included', async () => {
    const store = await open();
    const all = await plantZones(store);
    expect(all.length).toBe(texts.length);
    const sizes = new Set<number>();
    await fc.assert(
      fc.asyncProperty(condition, async (filter) => {
        const question = parseCql(filter, ZONE_QUERYABLES);
        const { features, total } = await zoneFeatures(store, 'farmland', { ...asked, condition: question });
        const expected = all.filter((feature) => matches(question, feature)).map(({ id }) => id);
        expect({ filter, ids: features.map(({ id }) => id) }).toEqual({ filter, ids: expected });
        expect(total).toBe(expected.length);
        sizes.add(expected.length);
      }),
      { seed: 6, numRuns: 150 },
    );
    expect(sizes.size).toBeGreaterThan(4);
  });
});
