import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertLayer, listLayers } from '../../../services/store/layers.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { endOf, validVersions } from '../../../services/store/zone-versions.ts';
import { insertZones, listZones } from '../../../services/store/zones.ts';
import { zonesUnder } from '../../../services/store/zones-under.ts';
import { layerRow, zoneRow } from '../../support/rows.ts';

const cases = 1000;
const counties = ['430421', '430422', '430481'];
const days = ['2024-01-01', '2024-04-01', '2024-07-01', '2024-10-01', '2025-01-01'];
const box = { minLon: 106, minLat: 29, maxLon: 107, maxLat: 30 };

/** An import: first day, what it speaks for, and the counties that have a zone in it. */
interface Import {
  day: number;
  scope: string;
  counties: string[];
}

const anImport: fc.Arbitrary<Import> = fc.record({
  day: fc.nat(days.length - 1),
  scope: fc.constantFrom('', '', '4304', ...counties),
  counties: fc.subarray(counties),
});

/** The plain meaning: of the imports begun by then that speak for the county, the one that began last, then came last, holds. */
function holderOf(imports: readonly Import[], county: string, day: number): number | null {
  let holder: number | null = null;
  imports.forEach((one, i) => {
    if (one.day > day || !county.startsWith(one.scope)) return;
    if (holder === null || one.day >= imports[holder].day) holder = i;
  });
  return holder;
}

let store: Store;
beforeAll(async () => {
  store = await openStore({ sqlite: ':memory:' });
});
afterAll(() => store.close());

async function plant(imports: readonly Import[]): Promise<void> {
  await store.db.deleteFrom('zones').execute();
  await store.db.deleteFrom('layers').execute();
  let id = 0;
  for (const [i, { day, scope, counties: own }] of imports.entries()) {
    await insertLayer(store.db, layerRow({ id: `v${i}`, sha256: `v${i}`, validFrom: days[day], scope }));
    // Only what lies in its scope: what lies outside is kept too, but that is another statement.
    const zones = own.filter((county) => county.startsWith(scope));
    await insertZones(
      store.db,
      zones.map((district) => zoneRow({ id: ++id, layerId: `v${i}`, externalId: `v${i} ${district}`, district })),
    );
  }
}

describe('a layer imported again and again, in any order of days, for all or for a county', () => {
  it(`shows on every day what was valid then (${cases} seeded histories)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anImport, { minLength: 1, maxLength: 6 }), async (imports) => {
        await plant(imports);
        const versions = await listLayers(store.db);
        for (const [day, date] of days.entries()) {
          const expected = counties.flatMap((county) => {
            const holder = holderOf(imports, county, day);
            return holder !== null && imports[holder].counties.includes(county) ? [`v${holder} ${county}`] : [];
          });
          const shown = await listZones(store.db, { date, box });
          expect(shown.map(({ externalId }) => externalId).sort()).toEqual(expected.sort());
          for await (const under of zonesUnder(store.db, await validVersions(store.db, date), [box])) {
            expect(under.map(({ externalId }) => externalId).sort()).toEqual(expected);
          }
          for (const { layerId, district } of shown) {
            const end = endOf(versions.find(({ id }) => id === layerId)!, district, versions);
            expect(end === null || end > date).toBe(true);
          }
        }
      }),
      { numRuns: cases, seed: 4 },
    );
  });

  it('shows the same of the past after any later import', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anImport, { minLength: 2, maxLength: 6 }), fc.nat(3), async (imports, past) => {
        const earlier = imports.filter(({ day }) => day <= past);
        const idsOn = async () => (await listZones(store.db, { date: days[past] })).map(({ externalId }) => externalId);
        await plant(earlier);
        const before = await idsOn();
        const later = imports.filter(({ day }) => day > past);
        await plant([...earlier, ...later]);
        expect(await idsOn()).toEqual(before);
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});
