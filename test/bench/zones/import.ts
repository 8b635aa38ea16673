import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Measured, measure } from '../measure.ts';
import { cacheRoot, type Scene } from './scene.ts';

/** The same file taken in by Tuban and written anew by ogr2ogr, by turns. */
export interface ImportResult {
  file: string;
  rows: number;
  ours: Measured[];
  ogr2ogr: Measured[];
}

const tuban = fileURLToPath(new URL('../../../api/tuban.js', import.meta.url));
export const VALID_FROM = '2025-01-01';

/** What the last import of the GeoPackage left, with the other layers to come: see overlay.ts. */
export function workspaceOf(scene: Scene): string {
  return `${scene.folder}-workspace`;
}

export async function benchImport(scene: Scene, rounds: number): Promise<ImportResult[]> {
  // The last one stays in the workspace, and is the file that the overlay's layers come from.
  const files = [scene.shapefile, scene.geopackage];
  const results = files.map((file): ImportResult => ({ file, rows: scene.parcels, ours: [], ogr2ogr: [] }));
  for (let round = 1; round <= rounds; round++) {
    for (const result of results) {
      result.ogr2ogr.push(await rewriteByOgr(result.file));
      result.ours.push(await importFresh(scene, result.file));
      const [ours, other] = [result.ours, result.ogr2ogr].map((runs) => runs[runs.length - 1].wallSeconds.toFixed(2));
      console.error(`import round ${round}, ${result.file.split('.').pop()}: tuban ${ours} s, ogr2ogr ${other} s`);
    }
  }
  return results;
}

async function rewriteByOgr(file: string): Promise<Measured> {
  const target = join(cacheRoot, `ogr2ogr-${process.pid}.gpkg`);
  try {
    // GeoPackages get a spatial index unless told otherwise.
    return await measure(['ogr2ogr', '-f', 'GPKG', target, file]);
  } finally {
    rmSync(target, { force: true });
  }
}

/** Into a workspace that knows its districts and nothing else; those are not part of what is timed. */
async function importFresh(scene: Scene, file: string): Promise<Measured> {
  const home = workspaceOf(scene);
  rmSync(home, { recursive: true, force: true });
  const districts = scene.layers.find(({ name }) => name === 'districts')!;
  await importLayer(home, districts.path, districts.name);
  return importLayer(home, file, 'farmland');
}

/** Takes the layers that the workspace lacks into it, whatever it holds already. */
export async function importAllLayers(scene: Scene, home: string): Promise<void> {
  const inOrder = scene.layers.toSorted((a, b) => Number(b.name === 'districts') - Number(a.name === 'districts'));
  for (const { name, path } of inOrder) await importLayer(home, path, name);
}

async function importLayer(home: string, file: string, layer: string): Promise<Measured> {
  const options = ['--layer', layer, '--valid-from', VALID_FROM, '--home', home];
  return await measure([process.execPath, tuban, 'zones', 'import', file, ...options]);
}
