import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latticeOf } from './lattice.ts';
import { layersOn, type MadeLayer } from './layers.ts';
import { writeParcels } from './parcels.ts';

export interface Scene {
  folder: string;
  parcels: number;
  approvals: number;
  /** All layers by the names Tuban has for them, parcels as `farmland`; each a GeoPackage in lon/lat. */
  layers: { name: string; key: string; path: string }[];
  geopackage: string;
  /** Prefixed eastings of one 3° zone, GBK. */
  shapefile: string;
}

const PARTS = ['chance', 'counties', 'lattice', 'layers', 'parcels', 'shapefile-writer', 'scene'];

/** Where everything this benchmark makes is kept. */
export const cacheRoot = join(tmpdir(), 'tuban-bench-zones');

/** The prefecture with its parcels and layers, the same bytes every time. Made once, kept by what makes it. */
export async function sceneOf(parcels: number): Promise<Scene> {
  const sources = PARTS.map((name) => readFileSync(new URL(`./${name}.ts`, import.meta.url)));
  const version = createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 8);
  const folder = join(cacheRoot, `${parcels}-${version}`);
  const lattice = latticeOf(parcels);
  const approvals = Math.max(200, Math.round(parcels / 103.5));
  const made = layersOn(lattice, approvals);
  if (!existsSync(folder)) {
    console.error(`Making ${parcels} parcels and their layers in ${folder} ...`);
    const making = `${folder}-making-${process.pid}`;
    mkdirSync(making, { recursive: true });
    try {
      makeParcels(parcels, making);
      for (const layer of made) await makeLayer(layer, making);
      renameSync(making, folder);
    } finally {
      rmSync(making, { recursive: true, force: true });
    }
  }
  const layers = [{ name: 'farmland', key: 'BSM' }, ...made].map(({ name, key }) => ({
    name,
    key,
    path: join(folder, `${name}.gpkg`),
  }));
  return {
    folder,
    parcels,
    approvals,
    layers,
    geopackage: layers[0].path,
    shapefile: join(folder, 'parcels-4526.shp'),
  };
}

function makeParcels(parcels: number, folder: string): void {
  const base = join(folder, 'parcels');
  const vertices = writeParcels(latticeOf(parcels), base);
  for (const crs of ['lonlat', '4526']) writeFileSync(`${base}-${crs}.cpg`, 'GBK');
  copyFileSync(`${base}-4526.dbf`, `${base}-lonlat.dbf`);
  ogr2ogr('-nln', 'farmland', join(folder, 'farmland.gpkg'), `${base}-lonlat.shp`);
  for (const part of ['shp', 'shx', 'dbf', 'prj', 'cpg']) rmSync(`${base}-lonlat.${part}`);
  writeFileSync(join(folder, 'about.json'), JSON.stringify({ parcels, vertices }));
}

async function makeLayer({ name, zones }: MadeLayer, folder: string): Promise<void> {
  const path = join(folder, `${name}.geojsonl`);
  const file = createWriteStream(path);
  for (const { properties, polygons } of zones()) {
    const coordinates = polygons.map((rings) => rings.map(pairs));
    const geometry =
      polygons.length === 1 ? { type: 'Polygon', coordinates: coordinates[0] } : { type: 'MultiPolygon', coordinates };
    if (!file.write(`${JSON.stringify({ type: 'Feature', properties, geometry })}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  ogr2ogr(
    '-a_srs',
    'EPSG:4490',
    '-nlt',
    'MULTIPOLYGON',
    '-nln',
    name,
    join(folder, `${name}.gpkg`),
    `GeoJSONSeq:${path}`,
  );
  rmSync(path);
}

function pairs(path: readonly number[]): number[][] {
  return Array.from({ length: path.length / 2 }, (_, k) => [path[2 * k], path[2 * k + 1]]);
}

function ogr2ogr(...options: string[]): void {
  execFileSync('ogr2ogr', ['-f', 'GPKG', ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
}
