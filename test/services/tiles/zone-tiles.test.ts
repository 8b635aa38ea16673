import type { Position } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TileAddress, tileAt } from '../../../imagery/tiles/web-mercator.ts';
import { insertLayer } from '../../../services/store/layers.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { insertZones } from '../../../services/store/zones.ts';
import { VectorThreads } from '../../../services/tiles/vector-threads.ts';
import { ZoneDensities } from '../../../services/tiles/zone-density.ts';
import { MOST_ZONES, zoneTile } from '../../../services/tiles/zone-tiles.ts';
import { fromGeoJson, toWkb } from '../../../services/zones/geometry/wkb.ts';
import { layerRow, zoneRow } from '../../support/rows.ts';
import { featuresIn, tilesOver } from './tile-patches.ts';

const threads = new VectorThreads();
let store: Store;
let densities: ZoneDensities;
const parcels = 5200;
const ground = { minLon: 113.35, minLat: 26.85, maxLon: 113.65, maxLat: 27.15 };

beforeAll(async () => {
  store = await openStore({ sqlite: ':memory:' });
  densities = new ZoneDensities(store, MOST_ZONES);
  await plant('farmland', 'small', [
    zone('round', circle(113.5, 27, 0.02, 720), '430421'),
    // A metre by a kilometre; ten metres by ten; and the same again in another county.
    zone('sliver', box(113.48, 26.98, 113.48001, 26.989), '430421'),
    zone('speck', box(113.52, 27.02, 113.5201, 27.0201), '430421'),
    zone('other', box(113.53, 27.03, 113.5301, 27.0301), '430422'),
  ]);
  const many = Array.from({ length: parcels }, (_, k) => {
    const [lon, lat] = [113.4 + (k % 80) * 0.002, 26.9 + Math.floor(k / 80) * 0.002];
    return zone(`F${k}`, box(lon, lat, lon + 0.001, lat + 0.001), k % 4 === 0 ? '430422' : '430421');
  });
  await plant('permanent-basic-farmland', 'many', many);
});

afterAll(async () => {
  await threads.close();
  await store.close();
});

interface Zone {
  externalId: string;
  ring: Position[];
  district: string;
}

const zone = (externalId: string, ring: Position[], district: string): Zone => ({ externalId, ring, district });
let nextId = 1;

async function plant(name: string, id: string, zones: Zone[]): Promise<void> {
  const { seq: _, ...version } = layerRow({
    id,
    name,
    sha256: id,
    validFrom: '2024-01-01',
    featureCount: zones.length,
  });
  await insertLayer(store.db, version);
  const rows = zones.map(({ externalId, ring, district }) => {
    const [lons, lats] = [ring.map(([lon]) => lon), ring.map(([, lat]) => lat)];
    const bounds = { minLon: Math.min(...lons), maxLon: Math.max(...lons) };
    const geometry = toWkb(fromGeoJson({ type: 'Polygon', coordinates: [ring] }));
    const names = { layerId: id, externalId, name: `zone ${externalId}`, district };
    return zoneRow({
      id: nextId++,
      ...names,
      ...bounds,
      minLat: Math.min(...lats),
      maxLat: Math.max(...lats),
      geometry,
    });
  });
  await insertZones(store.db, rows);
}

function box(minLon: number, minLat: number, maxLon: number, maxLat: number): Position[] {
  return [
    [minLon, minLat],
    [maxLon, minLat],
    [maxLon, maxLat],
    [minLon, maxLat],
    [minLon, minLat],
  ];
}

function circle(lon: number, lat: number, radius: number, corners: number): Position[] {
  const angle = (k: number) => (2 * Math.PI * (k % corners)) / corners;
  return Array.from({ length: corners + 1 }, (_, k) => {
    return [lon + radius * Math.cos(angle(k)), lat + radius * Math.sin(angle(k))];
  });
}

function ask(tile: TileAddress, layer: string, more: { within?: string; date?: string } = {}) {
  const asked = { layer, date: '2024-06-01', within: '', isKnown: () => false, ...more };
  return zoneTile(store, { threads, densities }, tile, asked);
}

describe('vector tiles of zones', () => {
  it('lose no zone at any level, however thin or small it is there', async () => {
    for (const z of [0, 4, 8, 12, 14]) {
      const found = new Set<unknown>();
      for (const tile of tilesOver(z, ground)) {
        for (const { properties } of featuresIn((await ask(tile, 'farmland')).bytes, 'zones'))
          found.add(properties['code']);
      }
      expect([...found].sort(), `level ${z}`).toEqual(['other', 'round', 'sliver', 'speck']);
    }
  });

  it('have fewer corners the further away, and stay within a thousandth of the tile of the shape', async () => {
    const corners: number[] = [];
    for (const z of [6, 9, 12]) {
      const tile = tileAt(z, 113.5, 27);
      const round = featuresIn((await ask(tile, 'farmland')).bytes, 'zones').find(({ properties }) => {
        return properties['code'] === 'round';
      })!;
      corners.push(round.loadGeometry()[0].length);
    }
    expect(corners[0]).toBeLessThan(corners[1]);
    expect(corners[1]).toBeLessThan(corners[2]);
    expect(corners[2]).toBeLessThan(300);
    const round = featuresIn((await ask(tileAt(9, 113.5, 27), 'farmland')).bytes, 'zones')[0];
    const ring = round.loadGeometry()[0];
    const middle = { x: (Math.min(...ring.map(({ x }) => x)) + Math.max(...ring.map(({ x }) => x))) / 2 };
    const radius = (0.02 / 360) * 2 ** 9 * 4096;
    expect(Math.max(...ring.map(({ x }) => Math.abs(x - middle.x)))).toBeCloseTo(radius, -0.7);
  });

  it('say of a zone what it is called and what its layer is for', async () => {
    const [first] = featuresIn((await ask(tileAt(14, 113.52, 27.02), 'farmland')).bytes, 'zones');
    expect(first.properties).toMatchObject({ kind: 'land', name: expect.stringContaining('zone ') });
  });

  it('show to a county its own zones', async () => {
    const tile = tileAt(8, 113.5, 27);
    const own = featuresIn((await ask(tile, 'farmland', { within: '430422' })).bytes, 'zones');
    expect(own.map(({ properties }) => properties['code'])).toEqual(['other']);
    expect((await ask(tile, 'farmland', { within: '430422' })).tag).not.toBe((await ask(tile, 'farmland')).tag);
  });

  it('are empty before the layer holds, and do not exist for a layer that there is not', async () => {
    const tile = tileAt(8, 113.5, 27);
    expect((await ask(tile, 'farmland', { date: '2023-12-31' })).bytes?.byteLength).toBe(0);
    await expect(ask(tile, 'nothing')).rejects.toMatchObject({ message: 'There is no layer nothing.' });
  });

  it('count what is too much to draw: the squares add up to the layer, for a county to its own', async () => {
    const tile = tileAt(5, 113.5, 27);
    for (const [within, wanted] of [
      ['', parcels],
      ['4304', parcels],
    ] as const) {
      const { bytes } = await ask(tile, 'permanent-basic-farmland', { within });
      expect(featuresIn(bytes, 'zones')).toEqual([]);
      const counts = featuresIn(bytes, 'clusters').map(({ properties }) => Number(properties['count']));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(wanted);
    }
    const own = (await ask(tile, 'permanent-basic-farmland', { within: '430422' })).bytes;
    expect(featuresIn(own, 'zones').length).toBe(parcels / 4);
    const near = (await ask(tileAt(13, 113.5, 26.95), 'permanent-basic-farmland')).bytes;
    expect(featuresIn(near, 'zones').length).toBeGreaterThan(100);
  });
});
