import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { fromLonLat } from '../../../imagery/crs.ts';
import { tileGrid } from '../../../imagery/tiles/web-mercator.ts';
import type { PatchFilter } from '../../../services/queue/filter.ts';
import { patchStatistics } from '../../../services/queue/statistics.ts';
import { hiding } from '../../../services/store/hiding.ts';
import type { Store } from '../../../services/store/open.ts';
import { PatchPlaces } from '../../../services/tiles/patch-places.ts';
import { patchTile } from '../../../services/tiles/patch-tiles.ts';
import { VectorThreads } from '../../../services/tiles/vector-threads.ts';
import { gdal, gdalMissing, temporaryFolder } from '../../support/gdal.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { featuresIn, ground, plantMany, tilesOver } from './tile-patches.ts';

const threads = new VectorThreads();
const folder = temporaryFolder();
const tools = () => ({ threads, places: new PatchPlaces() });
afterAll(async () => {
  await threads.close();
  folder.remove();
});

const at = new Date('2025-07-02T02:00:00Z');
const filters: Record<string, PatchFilter> = {
  'no filter': {},
  'a month': { month: '2025-06' },
  'a district, two states and an area': { district: '430422', states: ['found', 'warned'], minAreaM2: 1500 },
  'what is overdue in a box': { overdue: { is: true, at }, bbox: { ...ground, maxLon: 112.5, maxLat: 27 } },
};

async function tilesOf(store: Store, z: number, filter: PatchFilter) {
  const tiles = [];
  for (const tile of tilesOver(z)) {
    const { bytes, tag } = await patchTile(store, tools(), tile, { filter, at, isKnown: () => false });
    tiles.push({ tile, tag, bytes: bytes! });
  }
  return tiles;
}

const total = async (store: Store, filter: PatchFilter) => (await patchStatistics(store, filter, { by: [], at })).total;

describeOnBothStores('vector tiles of patches', (openFresh) => {
  it('hold every patch of a filter once below level 12, and on each tile it meets from there on', async () => {
    const store = await openFresh();
    await plantMany(store, 400);
    for (const [name, filter] of Object.entries(filters)) {
      const wanted = await total(store, filter);
      expect(wanted.patches, name).toBeGreaterThan(5);
      for (const z of [3, 9, 11, 12]) {
        const features = (await tilesOf(store, z, filter)).flatMap(({ bytes }) => featuresIn(bytes, 'patches'));
        const byId = new Map(features.map((feature) => [feature.properties['id'], feature.properties]));
        expect(byId.size, `${name} at ${z}`).toBe(wanted.patches);
        if (z < 12) expect(features.length).toBe(wanted.patches);
        const sum = [...byId.values()].reduce((area, { areaM2 }) => area + Number(areaM2), 0);
        expect(sum).toBeCloseTo(wanted.areaM2, 3);
        expect([...byId.values()].filter(({ overdue }) => overdue).length).toBe(wanted.overdue);
      }
    }
  });

  it('say of a patch what the list says of it', async () => {
    const store = await openFresh();
    await plantMany(store, 60);
    const rows = await store.db.selectFrom('patches').selectAll().execute();
    const features = (await tilesOf(store, 12, {})).flatMap(({ bytes }) => featuresIn(bytes, 'patches'));
    const byId = new Map(features.map(({ id, properties }) => [properties['id'], { id, properties }]));
    for (const { id, number, state, type, areaM2, dueAt } of rows) {
      const overdue = dueAt !== null && dueAt < at.toISOString();
      expect(byId.get(id)).toEqual({ id: Number(number), properties: { id, number, state, type, areaM2, overdue } });
    }
  });

  it('count what is too much to draw: the squares of all tiles add up to the list', async () => {
    const store = await openFresh();
    await plantMany(store, 6000);
    for (const filter of [{}, { month: '2025-06' }, { types: ['TD'] }]) {
      const wanted = await total(store, filter);
      for (const z of [2, 7]) {
        const tiles = await tilesOf(store, z, filter);
        const clusters = tiles.flatMap(({ bytes }) => featuresIn(bytes, 'clusters'));
        const points = tiles.flatMap(({ bytes }) => featuresIn(bytes, 'patches'));
        const sum = (name: string) => clusters.reduce((all, { properties }) => all + Number(properties[name]), 0);
        expect(sum('count') + points.length).toBe(wanted.patches);
        if (wanted.patches > 5000 && tiles.length === 1) {
          expect(points.length).toBe(0);
          expect(sum('overdue')).toBe(wanted.overdue);
          expect(sum('areaM2')).toBeCloseTo(wanted.areaM2, 2);
        }
      }
    }
  });

  it('do not hold what is under embargo, and have another tag then', async () => {
    const store = await openFresh();
    await plantMany(store, 100);
    const [seen] = await tilesOf(store, 3, {});
    const [hidden] = await hiding([{ month: '2025-06', district: '' }], () => tilesOf(store, 3, {}));
    expect(featuresIn(seen.bytes, 'patches').length).toBe(100);
    expect(featuresIn(hidden.bytes, 'patches').length).toBe(34);
    expect(hidden.tag).not.toBe(seen.tag);
    for (const z of [10, 12]) {
      const tiles = await hiding([{ month: '2025-06', district: '' }], () => tilesOf(store, z, {}));
      const drawn = tiles.flatMap(({ bytes }) => featuresIn(bytes, 'patches'));
      expect(new Set(drawn.map(({ properties }) => properties['id'])).size).toBe(34);
    }
  });

  it('need not be made where the caller has them', async () => {
    const store = await openFresh();
    await plantMany(store, 20);
    const tile = tilesOver(9)[0];
    const { tag } = await patchTile(store, tools(), tile, { filter: {}, at, isKnown: () => false });
    const known = await patchTile(store, tools(), tile, { filter: {}, at, isKnown: (asked) => asked === tag });
    expect(known).toEqual({ tag, bytes: null, count: 0 });
    const other = await patchTile(store, tools(), tile, { filter: { month: '2025-05' }, at, isKnown: () => false });
    expect(other.tag).not.toBe(tag);
    await store.db.updateTable('patches').set({ dueAt: '2025-07-02T01:59:00.000Z' }).where('id', '=', 't1').execute();
    expect((await patchTile(store, tools(), tile, { filter: {}, at, isKnown: () => false })).tag).not.toBe(tag);
  });
});

describe('the shape of a patch on a tile', () => {
  const store = async () => {
    const { openStore } = await import('../../../services/store/open.ts');
    const opened = await openStore({ sqlite: ':memory:' });
    await plantMany(opened, 80);
    return opened;
  };

  it('lies within one unit of the tile from where it is on record, corner for corner', async () => {
    const opened = await store();
    const rows = await opened.db.selectFrom('detections').select(['id', 'geometryJson']).execute();
    const outlines = new Map(rows.map(({ id, geometryJson }) => [id, JSON.parse(geometryJson).coordinates[0]]));
    let corners = 0;
    for (const z of [12, 15]) {
      for (const { tile, bytes } of await tilesOf(opened, z, {})) {
        const grid = tileGrid(tile, 4096);
        for (const feature of featuresIn(bytes, 'patches')) {
          const [ring] = feature.loadGeometry();
          // What the edge of the tile cuts has other corners.
          if (ring.some(({ x, y }) => Math.min(x, y) < 0 || Math.max(x, y) > 4096)) continue;
          const places = outlines.get(`d${feature.properties['id']}`).map(([lon, lat]: number[]) => {
            const [x, y] = fromLonLat('EPSG:3857')(lon, lat);
            return [(x - grid.originX) / grid.pixelWidth, (y - grid.originY) / grid.pixelHeight];
          });
          for (const { x, y } of ring) {
            const away = Math.min(...places.map(([px, py]: number[]) => Math.max(Math.abs(px - x), Math.abs(py - y))));
            expect(away).toBeLessThanOrEqual(0.5001);
            corners++;
          }
        }
      }
    }
    expect(corners).toBeGreaterThan(700);
    await opened.close();
  });

  it.skipIf(gdalMissing)('is read by GDAL as it is on record', async () => {
    const opened = await store();
    const { tile, bytes } = (await tilesOf(opened, 12, {})).toSorted((a, b) => b.bytes.length - a.bytes.length)[0];
    const path = folder.path('tile.mvt');
    writeFileSync(path, bytes);
    const options = [
      '-oo',
      `X=${tile.x}`,
      '-oo',
      `Y=${tile.y}`,
      '-oo',
      `Z=${tile.z}`,
      '-oo',
      'METADATA_FILE=',
      '-oo',
      'CLIP=NO',
    ];
    const text = gdal(
      'ogr2ogr',
      '-f',
      'GeoJSON',
      '-t_srs',
      'EPSG:4326',
      '/vsistdout/',
      `MVT:${path}`,
      ...options,
      'patches',
    );
    const { features } = JSON.parse(text);
    expect(features.length).toBe(featuresIn(bytes, 'patches').length);
    const first = features[0];
    const row = await opened.db
      .selectFrom('patches')
      .selectAll()
      .where('id', '=', first.properties.id)
      .executeTakeFirst();
    const unitDegrees = 360 / 2 ** tile.z / 4096;
    const lons = first.geometry.coordinates.flat(Infinity).filter((_: number, k: number) => k % 2 === 0);
    expect(Math.abs(Math.min(...lons) - row!.minLon)).toBeLessThan(unitDegrees);
    expect(first.properties).toMatchObject({ number: row!.number, state: row!.state });
    await opened.close();
  });
});
