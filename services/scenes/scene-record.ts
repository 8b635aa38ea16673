import { existsSync } from 'node:fs';
import type { Transaction } from 'kysely';
import { toLonLat } from '../../imagery/crs.ts';
import { ImageryError } from '../../imagery/error.ts';
import type { Grid, LonLatBox } from '../../imagery/grid.ts';
import type { SampleType } from '../../imagery/raster.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { describeScene } from '../../imagery/scene-file.ts';
import { ServiceError } from '../error.ts';
import type { Store } from '../store/open.ts';
import { addScene, findScene, removeScene, type SceneRow } from '../store/scenes.ts';
import type { Database } from '../store/schema.ts';

export interface SceneFacts {
  date: string;
  sensor: string;
  bands?: BandRole[];
  crs?: string;
}

export interface AddedScene {
  scene: SceneRow;
  isNew: boolean;
}

/** Registers one image file; see addSceneFiles. */
export async function addSceneFile(store: Store, path: string, facts: SceneFacts, now: Date): Promise<AddedScene> {
  const [added] = await addSceneFiles(store, [path], facts, now);
  return added;
}

/**
 * Registers image files of one acquisition as scenes of the workspace: all of them or, where one is refused, none.
 * Adding the same bytes again changes nothing; where the file was moved, the scene goes with it.
 * @throws ImageryError of the reader; crs-missing when neither a file nor `crs` says where it lies
 * @throws ServiceError scene-invalid when the same bytes were added with another date, sensor or bands
 */
export async function addSceneFiles(
  store: Store,
  paths: readonly string[],
  facts: SceneFacts,
  now: Date,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<AddedScene[]> {
  const rows: NewScene[] = [];
  for (const [i, path] of paths.entries()) {
    onProgress(i, paths.length);
    rows.push(await sceneRow(path, facts, now));
  }
  const added: AddedScene[] = [];
  await store.db.transaction().execute(async (trx) => {
    for (const row of rows) added.push(await put(trx, row, now));
  });
  return added;
}

type NewScene = Parameters<typeof addScene>[1];

async function sceneRow(path: string, facts: SceneFacts, now: Date): Promise<NewScene> {
  const scene = await describeScene(path, facts);
  const { grid } = scene;
  if (grid.crs === null) {
    throw new ImageryError('crs-missing', `${path}: names no CRS; wanted one (name it with --crs EPSG:n).`);
  }
  return {
    id: scene.id,
    sha256: scene.sha256,
    path,
    district: null,
    sensor: facts.sensor,
    date: facts.date,
    bandsJson: JSON.stringify(scene.bands),
    gridJson: JSON.stringify(grid),
    sampleType: scene.sampleType,
    nodata: null,
    scale: scene.reflectance?.scale ?? null,
    offset: scene.reflectance?.offset ?? null,
    ...lonLatBox(grid),
    addedAt: now.toISOString(),
  };
}

async function put(trx: Transaction<Database>, row: NewScene, now: Date): Promise<AddedScene> {
  const known = await findScene(trx, row.id);
  if (known === null || known.removedAt !== null) return addScene(trx, row);
  const facts = ({ date, sensor, bandsJson, gridJson }: Pick<NewScene, 'date' | 'sensor' | 'bandsJson' | 'gridJson'>) =>
    [date, sensor, JSON.parse(bandsJson).join(','), (JSON.parse(gridJson) as Grid).crs].join(' ');
  if (facts(known) !== facts(row)) {
    throw new ServiceError(
      'scene-invalid',
      `${row.path}: is scene ${row.id}, which was added as ${facts(known)}, and now as ${facts(row)}; remove the scene first.`,
    );
  }
  if (known.path === row.path || existsSync(known.path)) return { scene: known, isNew: false };
  await removeScene(trx, row.id, now);
  return { ...(await addScene(trx, row)), isNew: false };
}

export function sceneOfRow(row: SceneRow): Scene {
  const bands = JSON.parse(row.bandsJson) as BandRole[];
  return {
    id: row.id,
    sha256: row.sha256,
    path: row.path,
    grid: JSON.parse(row.gridJson) as Grid,
    bandCount: bands.length,
    sampleType: row.sampleType as SampleType,
    bands,
    nodata: row.nodata,
    saturation: null,
    mask: null,
    reflectance: row.scale === null || row.offset === null ? null : { scale: row.scale, offset: row.offset },
    date: row.date,
    sensor: row.sensor,
  };
}

/** The lon/lat box of a grid, from points along its edge: a projected rectangle bulges between its corners. */
export function lonLatBox(grid: Grid): LonLatBox {
  const project = toLonLat(grid.crs ?? 'EPSG:4326');
  const box = { minLon: Infinity, minLat: Infinity, maxLon: -Infinity, maxLat: -Infinity };
  const steps = 16;
  for (let i = 0; i <= steps; i++) {
    const along = (t: number, u: number) =>
      project(grid.originX + t * grid.width * grid.pixelWidth, grid.originY + u * grid.height * grid.pixelHeight);
    for (const [lon, lat] of [along(i / steps, 0), along(i / steps, 1), along(0, i / steps), along(1, i / steps)]) {
      box.minLon = Math.min(box.minLon, lon);
      box.maxLon = Math.max(box.maxLon, lon);
      box.minLat = Math.min(box.minLat, lat);
      box.maxLat = Math.max(box.maxLat, lat);
    }
  }
  return box;
}
