import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Feature } from 'geojson';
import type { KyselyPlugin } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { listLayers, listZones } from '../../../services/store/layers.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { importLayer } from '../../../services/zones/import-layer.ts';
import { badLayers, collection, feature, layerText, parcelRing } from '../../fixtures/layers.ts';
import { geodesicAreaM2 } from '../../support/geodesic.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const folder = mkdtempSync(join(tmpdir(), 'tuban-layers-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(layer: string | object): string {
  const path = join(folder, `layer-${files++}.geojson`);
  writeFileSync(path, layerText(layer));
  return path;
}

function square(properties: object, lon = 112.5, lat = 26.9, degrees = 0.002): Feature {
  return feature({ type: 'Polygon', coordinates: [parcelRing(lon, lat, degrees)] }, properties);
}

const now = new Date('2026-01-05T01:00:00Z');
const take = (store: Store, path: string, layer: string, validFrom = '2025-01-01') =>
  importLayer(store, { path, layer, validFrom, now });

const districts = collection(
  square({ adcode: 430421, name: '衡阳县' }, 112.4, 26.8, 0.2),
  square({ adcode: 430405, name: '珠晖区' }, 112.6, 26.8, 0.2),
);

describeOnBothStores('importing a layer', (openFresh) => {
  it('stores its zones with area, box and validity', async () => {
    const store = await openFresh();
    const path = fileOf(collection(square({ id: 'A', name: '田' }), square({ id: 'B' }, 112.51)));
    const done = await take(store, path, 'farmland');
    expect(done).toMatchObject({ layer: 'farmland', features: 2, repaired: [], idsFrom: 'id', alreadyImported: false });
    expect(done.areaM2 / (2 * geodesicAreaM2(parcelRing()))).toBeCloseTo(1, 6);
    const [layer] = await listLayers(store.db);
    expect(layer).toMatchObject({
      id: done.layerId,
      name: 'farmland',
      path,
      featureCount: 2,
      importedAt: now.toISOString(),
    });
    const zones = await listZones(store.db, { date: '2025-01-01' });
    expect(zones.map((zone) => zone.externalId).sort()).toEqual(['A', 'B']);
    const zone = zones.find(({ externalId }) => externalId === 'A')!;
    expect(zone).toMatchObject({
      name: '田',
      layerId: done.layerId,
      validFrom: '2025-01-01',
      validTo: null,
      minLon: 112.5,
    });
    expect(JSON.parse(zone.geometryJson)).toEqual({ type: 'Polygon', coordinates: [parcelRing()] });
    expect(JSON.parse(zone.propertiesJson)).toEqual({ id: 'A', name: '田' });
    expect(await listZones(store.db, { date: '2024-12-31' })).toEqual([]);
  });

  it('twice from the same file for the same day changes nothing', async () => {
    const store = await openFresh();
    const path = fileOf(collection(square({ id: 'A' })));
    const first = await take(store, path, 'farmland');
    const second = await take(store, path, 'farmland');
    expect(second).toEqual({ ...first, idsFrom: null, alreadyImported: true });
    expect(await listLayers(store.db)).toHaveLength(1);
    expect(await listZones(store.db, { date: '2025-06-01' })).toHaveLength(1);
  });

  it('of a bad file leaves nothing behind and the layer as it was', async () => {
    const store = await openFresh();
    await take(store, fileOf(collection(square({ id: 'A' }))), 'farmland');
    for (const layer of Object.values(badLayers)) {
      await expect(take(store, fileOf(layer), 'farmland', '2025-07-01')).rejects.toThrow(/layer-\d+\.geojson: /);
    }
    expect(await listLayers(store.db)).toHaveLength(1);
    expect(await listZones(store.db, { date: '2025-08-01' })).toHaveLength(1);
  });

  it('that fails while it is written leaves nothing behind either', async () => {
    const store = await openFresh();
    const before = await take(store, fileOf(collection(square({ id: 'A' }))), 'farmland');
    const failing = { ...store, db: store.db.withPlugin(failsAtZones) };
    await expect(take(failing, fileOf(collection(square({ id: 'B' }))), 'farmland', '2025-07-01')).rejects.toThrow(
      'disk full',
    );
    const zones = await listZones(store.db, { date: '2025-08-01' });
    expect(zones.map(({ layerId, validTo }) => [layerId, validTo])).toEqual([[before.layerId, null]]);
    expect(await listLayers(store.db)).toHaveLength(1);
  });

  it('again with a later first day ends the zones of the version before on that day', async () => {
    const store = await openFresh();
    const old = await take(store, fileOf(collection(square({ id: 'A' }))), 'farmland', '2025-01-01');
    await take(store, fileOf(collection(square({ id: 'R' }))), 'red-line', '2025-01-01');
    const next = await take(store, fileOf(collection(square({ id: 'A2' }))), 'farmland', '2025-07-01');
    expect(next.replacedVersion).toEqual({ layerId: old.layerId, validFrom: '2025-01-01' });
    const idsOn = async (date: string) => (await listZones(store.db, { date })).map(({ externalId }) => externalId);
    expect(await idsOn('2025-06-30')).toEqual(['A', 'R']);
    expect(await idsOn('2025-07-01')).toEqual(['A2', 'R']);
  });

  it('with an earlier first day fills the time up to the version that is there', async () => {
    const store = await openFresh();
    await take(store, fileOf(collection(square({ id: 'new' }))), 'farmland', '2025-07-01');
    const past = await take(store, fileOf(collection(square({ id: 'old' }))), 'farmland', '2024-01-01');
    expect(past.replacedVersion).toBeUndefined();
    const idsOn = async (date: string) => (await listZones(store.db, { date })).map(({ externalId }) => externalId);
    expect([await idsOn('2025-06-30'), await idsOn('2025-07-01')]).toEqual([['old'], ['new']]);
  });

  it('of another file for the same day takes the place of the first, which cannot come back by that day', async () => {
    const store = await openFresh();
    const wrong = fileOf(collection(square({ id: 'wrong' })));
    const first = await take(store, wrong, 'farmland');
    const right = await take(store, fileOf(collection(square({ id: 'right' }))), 'farmland');
    expect(right.replacedVersion?.layerId).toBe(first.layerId);
    const zones = await listZones(store.db, { date: '2025-01-01' });
    expect(zones.map(({ externalId }) => externalId)).toEqual(['right']);
    await expect(take(store, wrong, 'farmland')).rejects.toThrow(
      /replaced by another file of that day; .* later first day/,
    );
  });

  it('puts each zone in its district: as its properties say, else where it lies', async () => {
    const store = await openFresh();
    await take(store, fileOf(districts), 'districts');
    const farmland = collection(
      square({ id: 'stated', ZLDWDM: '4304212001010000000' }, 112.7),
      square({ id: 'unknown district stated', XZQDM: '110101' }, 112.7),
      square({ id: 'located' }, 112.5),
      square({ id: 'elsewhere' }, 113.9),
    );
    await take(store, fileOf(farmland), 'farmland');
    const zones = await listZones(store.db, { date: '2025-06-01' });
    expect(Object.fromEntries(zones.map((zone) => [zone.externalId, zone.district]))).toEqual({
      stated: '430421',
      'unknown district stated': '430405',
      located: '430421',
      elsewhere: null,
      '430421': '430421',
      '430405': '430405',
    });
  });

  it('of districts finds the district of zones that were there before', async () => {
    const store = await openFresh();
    await take(store, fileOf(collection(square({ id: 'A' }, 112.7), square({ id: 'B', XZQDM: '430421' }))), 'farmland');
    const before = await listZones(store.db, { date: '2025-06-01' });
    expect(before.map(({ district }) => district).sort()).toEqual(['430421', null].sort());
    await take(store, fileOf(districts), 'districts');
    const after = await listZones(store.db, { date: '2025-06-01', layers: ['farmland'] });
    expect(Object.fromEntries(after.map((zone) => [zone.externalId, zone.district]))).toEqual({
      A: '430405',
      B: '430421',
    });
  });

  it('refuses a layer name or first day that is none, and files that are not there', async () => {
    const store = await openFresh();
    const path = fileOf(districts);
    await expect(take(store, path, 'Red Line')).rejects.toThrow(/layer name "Red Line" is not usable; wanted/);
    await expect(take(store, path, 'districts', '2025-02-30')).rejects.toThrow(
      /"2025-02-30" is no date; wanted YYYY-MM-DD/,
    );
    await expect(take(store, join(folder, 'absent.geojson'), 'districts')).rejects.toThrow(
      /absent.geojson: is missing/,
    );
    await expect(take(store, folder, 'districts')).rejects.toThrow(/is not a file; wanted a GeoJSON file/);
    await expect(take(store, fileOf(''), 'districts')).rejects.toThrow(/is empty \(0 bytes\)/);
  });
});

/** Lets an import end the old zones and write its layer, and fails when it comes to the new zones. */
const failsAtZones: KyselyPlugin = {
  transformQuery: ({ node }) => {
    if (node.kind === 'InsertQueryNode' && node.into?.table.identifier.name === 'zones') throw new Error('disk full');
    return node;
  },
  transformResult: async ({ result }) => result,
};

describe('the twelve counties of Hengyang', () => {
  const path = resolve('../shared/data/hengyang_admin/430400.json');

  it('are imported with 15,300 km² between them', async (context) => {
    if (!existsSync(path)) context.skip(`SKIPPED: the real counties: ${path} is not here.`);
    const store = await openStore({ sqlite: ':memory:' });
    const done = await take(store, path, 'districts');
    expect(done.features).toBe(12);
    expect(done.areaM2 / 15_300e6).toBeGreaterThan(0.99);
    expect(done.areaM2 / 15_300e6).toBeLessThan(1.01);
    // Clockwise shells, as shapefiles have them.
    expect(done.repaired).toHaveLength(12);
    const zones = await listZones(store.db, { date: '2025-06-01' });
    expect(zones.map(({ externalId }) => externalId)).toContain('430421');
    await store.close();
  });
});
