import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Feature } from 'geojson';
import type { KyselyPlugin } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { listLayerNotes, listLayers } from '../../../../services/store/layers.ts';
import { openStore, type Store } from '../../../../services/store/open.ts';
import { listZones } from '../../../../services/store/zones.ts';
import { fromWkb } from '../../../../services/zones/geometry/wkb.ts';
import { importLayer } from '../../../../services/zones/import/import-layer.ts';
import { badLayers, collection, feature, layerText, parcelRing } from '../../../fixtures/layers.ts';
import { geodesicAreaM2 } from '../../../support/geodesic.ts';
import { describeOnBothStores } from '../../../support/stores.ts';

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

/** Bad layers that mean one thing only: read so, with a line that says it. */
const putRight = [
  'single-feature',
  'lat-lon-swapped',
  'lat-lon-swapped-in-xinjiang',
  'projected-metres',
  'projected-metres-northing-first',
  'bow-tie-at-a-corner',
  'parts-overlap',
  'hole-outside-shell',
];

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
    expect(done).toMatchObject({ layer: 'farmland', features: 2, shown: [], idsFrom: 'id', alreadyImported: false });
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
    expect(zone).toMatchObject({ name: '田', layer: 'farmland', layerId: done.layerId, minLon: 112.5 });
    expect([...fromWkb(zone.geometry).parts[0][0]]).toEqual(parcelRing().flat());
    expect(JSON.parse(zone.propertiesJson)).toEqual({ id: 'A', name: '田' });
    expect(await listZones(store.db, { date: '2024-12-31' })).toEqual([]);
  });

  it('twice from the same file for the same day changes nothing', async () => {
    const store = await openFresh();
    const path = fileOf(collection(square({ id: 'A' })));
    const first = await take(store, path, 'farmland');
    const second = await take(store, path, 'farmland');
    expect(second).toEqual({ ...first, alreadyImported: true });
    expect(await listLayers(store.db)).toHaveLength(1);
    expect(await listZones(store.db, { date: '2025-06-01' })).toHaveLength(1);
  });

  it('of a bad file leaves nothing behind and the layer as it was', async () => {
    const store = await openFresh();
    await take(store, fileOf(collection(square({ id: 'A' }))), 'farmland');
    const bad = Object.entries(badLayers).filter(([name]) => !putRight.includes(name));
    for (const [name, layer] of bad) {
      const message = await take(store, fileOf(layer), 'farmland', '2025-07-01').then(
        () => 'taken',
        (error: Error) => error.message,
      );
      expect([name, message]).toEqual([name, expect.stringMatching(/^\S+layer-\d+\.geojson: .*\.$/)]);
    }
    expect(await listLayers(store.db)).toHaveLength(1);
    expect(await listZones(store.db, { date: '2025-08-01' })).toHaveLength(1);
  });

  it('puts right what can mean one thing only, and says so', async () => {
    for (const name of putRight) {
      const store = await openFresh();
      const done = await take(store, fileOf((badLayers as Record<string, string | object>)[name]), 'farmland');
      expect(done.features).toBe(1);
      expect([name, done.shown.length > 0]).toEqual([name, name !== 'single-feature']);
      const [zone] = await listZones(store.db, { date: '2025-01-01' });
      expect([zone.minLon > 73, zone.maxLon < 136, zone.minLat > 3, zone.maxLat < 54]).toEqual([
        true,
        true,
        true,
        true,
      ]);
    }
  });

  it('that fails while it is written leaves nothing behind either', async () => {
    const store = await openFresh();
    const before = await take(store, fileOf(collection(square({ id: 'A' }))), 'farmland');
    const failing = { ...store, db: store.db.withPlugin(failsAtNotes) };
    const bowTie = feature({ type: 'Polygon', coordinates: [bowTieRing] }, { id: 'C' });
    const file = fileOf(collection(square({ id: 'B' }), bowTie));
    await expect(take(failing, file, 'farmland', '2025-07-01')).rejects.toThrow('disk full');
    const zones = await listZones(store.db, { date: '2025-08-01' });
    expect(zones.map(({ layerId }) => layerId)).toEqual([before.layerId]);
    expect(await listLayers(store.db)).toHaveLength(1);
  });

  it('keeps what can be used and says of each other feature why it was left out', async () => {
    const store = await openFresh();
    const point = feature({ type: 'Point', coordinates: [112.5, 26.9] } as never, { id: 'P' });
    const path = fileOf(collection(square({ id: 'A' }), point, square({ id: 'A' }, 112.6)));
    const done = await importLayer(store, { path, layer: 'farmland', validFrom: '2025-01-01', idField: 'id', now });
    expect(done).toMatchObject({ features: 2, notes: { rejected: 1, repaired: 1 } });
    const notes = await listLayerNotes(store.db, done.layerId);
    expect(notes.map(({ featureId, kind }) => [featureId, kind])).toEqual([
      ['P', 'rejected'],
      ['A', 'repaired'],
    ]);
    const zones = await listZones(store.db, { date: '2025-06-01' });
    expect(zones.map(({ externalId }) => externalId)).toEqual(['A', 'A#2']);
  });

  it('told to be strict refuses a file of which a feature cannot be used', async () => {
    const store = await openFresh();
    const point = feature({ type: 'Point', coordinates: [112.5, 26.9] } as never, { id: 'P' });
    const path = fileOf(collection(square({ id: 'A' }), point));
    const strict = importLayer(store, { path, layer: 'farmland', validFrom: '2025-01-01', strict: true, now });
    await expect(strict).rejects.toThrow(/feature P .*nothing was imported, as --strict asks/);
    expect(await listLayers(store.db)).toEqual([]);
  });

  it('of one county leaves the zones of the others as they are', async () => {
    const store = await openFresh();
    await take(store, fileOf(districts), 'districts');
    await take(store, fileOf(collection(square({ id: 'A' }, 112.5), square({ id: 'B' }, 112.7))), 'farmland');
    const path = fileOf(collection(square({ id: 'A2' }, 112.5)));
    const scope = '430421';
    await importLayer(store, {
      path,
      layer: 'farmland',
      validFrom: '2025-07-01',
      scope,
      completeTo: '2025-06-30',
      now,
    });
    const idsOn = async (date: string) =>
      (await listZones(store.db, { date, layers: ['farmland'] })).map(({ externalId }) => externalId);
    expect([await idsOn('2025-06-30'), await idsOn('2025-07-01')]).toEqual([
      ['A', 'B'],
      ['A2', 'B'],
    ]);
  });

  it('broken off by a kill goes on where it was, and ends up the same', async () => {
    const store = await openFresh();
    const many = Array.from({ length: 5000 }, (_, i) => square({ id: `P${i}` }, 112 + (i % 100) / 100, 26 + i / 5000));
    const path = fileOf(collection(...many));
    const request = { path, layer: 'farmland', validFrom: '2025-01-01', now };
    const whole = await importLayer(store, request);
    const inOrder = async () =>
      (await listZones(store.db, { date: '2025-01-01' })).map(({ externalId, areaM2 }) => [externalId, areaM2]);
    const expected = await inOrder();
    // As a kill leaves it: the first pieces are in, the version is not open to anybody.
    const first = await store.db.selectFrom('zones').select('id').orderBy('id').limit(2000).execute();
    const last = first[first.length - 1].id;
    await store.db.deleteFrom('zones').where('id', '>', last).execute();
    const half = { state: 'importing', readTo: 2000, featureCount: 2000 } as const;
    await store.db.updateTable('layers').set(half).where('id', '=', whole.layerId).execute();
    expect(await inOrder()).toEqual([]);
    expect(await importLayer(store, request)).toMatchObject({ features: 5000, resumedFrom: 2000 });
    expect(await inOrder()).toEqual(expected);
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
    await expect(take(store, fileOf(''), 'districts')).rejects.toThrow(/is empty \(0 bytes\)/);
  });
});

/** Fails when an import comes to write its report. */
const failsAtNotes: KyselyPlugin = {
  transformQuery: ({ node }) => {
    if (node.kind === 'InsertQueryNode' && node.into?.table.identifier.name === 'layer_notes')
      throw new Error('disk full');
    return node;
  },
  transformResult: async ({ result }) => result,
};

const bowTieRing = [
  [112.5, 26.9],
  [112.51, 26.91],
  [112.51, 26.9],
  [112.5, 26.91],
  [112.5, 26.9],
];

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
    expect(done.notes.repaired).toBe(12);
    const zones = await listZones(store.db, { date: '2025-06-01' });
    expect(zones.map(({ externalId }) => externalId)).toContain('430421');
    await store.close();
  });
});
