import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeatureCollection, Polygon } from 'geojson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { type CountyManifest, createCounty } from '../../../services/simulation/county.ts';
import type { CountyTruth } from '../../../services/simulation/truth.ts';

// Threads start slowly on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const SMALL = { seed: 11, tilesAcross: 2, tilesDown: 2, tileSize: 256 };
const gdal = spawnSync('gdalinfo', ['--version']).status === 0;

let home: string;
let manifest: CountyManifest;
const progress: [number, number][] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-county-'));
  manifest = await createCounty(join(home, 'one'), { ...SMALL, workers: 1 }, (done, total) =>
    progress.push([done, total]),
  );
});

afterAll(() => rm(home, { recursive: true, force: true }));

async function hashes(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const pairs = names.map(async (entry): Promise<[string, string]> => {
    const path = join(entry.parentPath, entry.name);
    return [
      path.slice(directory.length),
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ];
  });
  return Object.fromEntries((await Promise.all(pairs)).sort());
}

const layer = async (name: string): Promise<FeatureCollection<Polygon>> => {
  const entry = manifest.layers.find((one) => one.layer === name)!;
  return JSON.parse(await readFile(join(home, 'one', entry.path), 'utf8'));
};

describe('a county on disk', () => {
  it('is byte for byte the same on two threads as on one', async () => {
    await createCounty(join(home, 'two'), { ...SMALL, workers: 2 });
    expect(await hashes(join(home, 'two'))).toEqual(await hashes(join(home, 'one')));
  });

  it('says in its manifest that it is simulated, with four dates of every tile and three months to run', async () => {
    expect(manifest).toMatchObject({ simulated: true, seed: 11, months: ['2024-07', '2024-08', '2024-09'] });
    expect(manifest.scenes.length).toBe(16);
    expect(JSON.parse(await readFile(join(home, 'one', 'manifest.json'), 'utf8'))).toEqual(manifest);
  });

  it('reports its progress from nothing to all', () => {
    expect(progress[0]).toEqual([0, 16]);
    expect(progress.at(-1)).toEqual([16, 16]);
  });

  it('has scenes that read back as four bands of reflectance on the declared metre grid', async () => {
    for (const scene of manifest.scenes.slice(0, 4)) {
      const source = await openTiff(join(home, 'one', scene.path));
      expect(source.info).toMatchObject({ bandCount: 4, sampleType: 'uint16', nodata: 0 });
      expect(source.info.grid).toMatchObject({
        width: 256,
        height: 256,
        crs: 'EPSG:4547',
        pixelWidth: 1,
        pixelHeight: -1,
      });
      const raster = await source.read({ column: 0, row: 0, width: 256, height: 256 });
      expect(raster.mask.every((seen) => seen === 1)).toBe(true);
      await source.close();
    }
  });

  it.skipIf(!gdal)('has scenes that GDAL opens in CGCS2000 near 112.9 E, 27.2 N', () => {
    const info = spawnSync('gdalinfo', ['-json', join(home, 'one', manifest.scenes[0].path)], { encoding: 'utf8' });
    const { bands, wgs84Extent, coordinateSystem } = JSON.parse(info.stdout);
    expect(bands.map((band: { type: string }) => band.type)).toEqual(['UInt16', 'UInt16', 'UInt16', 'UInt16']);
    expect(coordinateSystem.wkt).toContain('CGCS2000');
    const [lon, lat] = wgs84Extent.coordinates[0][0];
    expect(Math.abs(lon - 112.9)).toBeLessThan(0.05);
    expect(Math.abs(lat - 27.2)).toBeLessThan(0.05);
  });
});

describe('the layers', () => {
  it('are lon/lat polygons, closed and anticlockwise, inside the districts', async () => {
    const box = boxOf(await layer('districts'));
    for (const entry of manifest.layers) {
      const { features } = await layer(entry.layer);
      expect(features.length).toBeGreaterThan(0);
      for (const { geometry, properties, id } of features) {
        expect(properties).toMatchObject({ simulated: true, id });
        const [ring] = geometry.coordinates;
        expect(ring[0]).toEqual(ring.at(-1));
        expect(signedArea(ring)).toBeGreaterThan(0);
        for (const [lon, lat] of ring) {
          expect(lon >= box[0] && lon <= box[2] && lat >= box[1] && lat <= box[3]).toBe(true);
        }
      }
    }
  });

  it('name four simulated districts, and protect a part of the paddies', async () => {
    const districts = (await layer('districts')).features.map(({ properties }) => properties!);
    expect(districts.map(({ code }) => code)).toEqual(['430421', '430422', '430423', '430424']);
    for (const { name } of districts) expect(name).toContain('模拟');
    const farmland = (await layer('farmland')).features;
    const basic = (await layer('permanent-basic-farmland')).features;
    const ids = new Set(farmland.map(({ id }) => id));
    expect(basic.length).toBeLessThan(farmland.length);
    for (const { properties } of basic) expect(ids.has(properties!['parcelId'])).toBe(true);
    for (const { properties } of farmland) expect(properties!['DLBM']).toMatch(/^01/);
  });
});

describe('the truth', () => {
  it('gives every event its ground, time, law and what could be seen of it', async () => {
    const truth: CountyTruth = JSON.parse(await readFile(join(home, 'one', manifest.truthPath), 'utf8'));
    expect(truth.events.length).toBeGreaterThan(2);
    const approvals = new Map((await layer('approvals')).features.map(({ id, properties }) => [id, properties!]));
    for (const event of truth.events) {
      expect(event.geometry.type).toBe('Polygon');
      expect(event.areaM2).toBeGreaterThan(100);
      expect(Object.keys(event.firstVisible).every((month) => manifest.months.includes(month))).toBe(true);
      if (event.lawful) expect(approvals.get(event.approvalNumber!)!['date'] < event.onset).toBe(true);
    }
    expect(truth.benign.some(({ to }) => to === 'stubble' || to === 'flooded')).toBe(true);
  });
});

describe('a second call', () => {
  it('finds the finished county and draws nothing', async () => {
    const calls: number[] = [];
    const again = await createCounty(join(home, 'one'), SMALL, (done) => calls.push(done));
    expect(again).toEqual(manifest);
    expect(calls).toEqual([]);
  });

  it('takes up a county that was cut short and ends with the same bytes', async () => {
    const wanted = await hashes(join(home, 'one'));
    const torn = join(home, 'torn');
    await cp(join(home, 'one'), torn, { recursive: true });
    await rm(join(torn, 'manifest.json'));
    await rm(join(torn, 'truth.json'));
    for (const scene of manifest.scenes.slice(5, 9)) await rm(join(torn, scene.path));
    await writeFile(join(torn, 'scenes', '.half-a-scene.part'), 'torn');
    const calls: [number, number][] = [];
    await createCounty(torn, SMALL, (done, total) => calls.push([done, total]));
    expect(calls[0]).toEqual([12, 16]);
    expect(await hashes(torn)).toEqual(wanted);
  });

  it('refuses to mix another county into the directory', async () => {
    await expect(createCounty(join(home, 'one'), { ...SMALL, seed: 12 })).rejects.toThrow(
      /was begun as .*"seed":11.*use another directory/,
    );
  });
});

it('refuses options that make no county', async () => {
  await expect(createCounty(join(home, 'none'), { seed: 1, tilesAcross: 0 })).rejects.toThrow(
    'Simulated county: tilesAcross must be a whole number from 1, got 0.',
  );
});

function boxOf({ features }: FeatureCollection<Polygon>): [number, number, number, number] {
  const points = features.flatMap(({ geometry }) => geometry.coordinates[0]);
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

function signedArea(ring: number[][]): number {
  return ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
}
