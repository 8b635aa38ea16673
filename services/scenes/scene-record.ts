import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Transaction } from 'kysely';
import { toLonLat } from '../../imagery/crs.ts';
import { ImageryError } from '../../imagery/error.ts';
import type { Grid, LonLatBox } from '../../imagery/grid.ts';
import type { SuppliedMask } from '../../imagery/masks/supplied-mask.ts';
import { readProductName } from '../../imagery/product-name.ts';
import type { SampleType } from '../../imagery/raster.ts';
import { isRemotePath } from '../../imagery/remote/location.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { isStackPath } from '../../imagery/stack/manifest.ts';
import { ServiceError } from '../error.ts';
import type { Store } from '../store/open.ts';
import { addScene, findScene, removeScene, type SceneRow } from '../store/scenes.ts';
import type { Database } from '../store/schema.ts';
import { cloudShareGuarded, describeGuarded } from './guard.ts';
import { factsBeside } from './image-files.ts';
import { type FactsSaid, type SceneFacts, suppliedMask } from './scene-facts.ts';

export interface AddedScene {
  scene: SceneRow;
  isNew: boolean;
}

/** What came of one file. */
export type AddedFile = { path: string } & (AddedScene | { error: Error });

/**
 * Registers image files as scenes of the workspace. One that is refused does not keep the others out.
 * @param facts what is said of all of them; what lies beside a file or stands in its name fills the rest
 */
export async function addSceneFiles(
  store: Store,
  paths: readonly string[],
  facts: FactsSaid,
  now: Date,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<AddedFile[]> {
  const added: AddedFile[] = [];
  for (const [i, path] of paths.entries()) {
    onProgress(i, paths.length);
    try {
      added.push({ path, ...(await addSceneFile(store, path, facts, now)) });
    } catch (error) {
      if (!(error instanceof ImageryError || error instanceof ServiceError)) throw error;
      added.push({ path, error });
    }
  }
  return added;
}

/**
 * Registers one image file as a scene. Adding the same bytes again changes nothing; where the file was moved, the
 * scene goes with it.
 * @throws ImageryError of the reader; crs-missing when neither the file nor `facts` say where it lies
 * @throws ServiceError scene-invalid when nothing says date or sensor, when what lies beside the file is no such
 * thing, or when the same bytes were added with other facts
 */
export async function addSceneFile(store: Store, path: string, facts: FactsSaid, now: Date): Promise<AddedScene> {
  return putScene(store, await rowOf(path, { ...(await factsBeside(path)), ...facts }, now), now);
}

export type NewScene = Parameters<typeof addScene>[1];

/** The row of a scene file, with nothing written yet. @throws as addSceneFile does */
export async function rowOf(path: string, { mask: wish, ...said }: FactsSaid, now: Date): Promise<NewScene> {
  const facts: SceneFacts = { ...said, ...(wish && { mask: await suppliedMask(wish) }) };
  const scene = await describeGuarded(path, facts);
  const { grid, date, sensor, mask, reflectance } = scene;
  if (grid.crs === null) {
    throw new ImageryError('crs-missing', `${path}: names no CRS; wanted one (name it with --crs EPSG:n).`);
  }
  if (date === null) throw unsaid(path, 'was taken on no known day', '--date YYYY-MM-DD');
  if (sensor === null) throw unsaid(path, 'comes from no known sensor', '--sensor NAME');
  const product = readProductName(path);
  return {
    id: scene.id,
    sha256: scene.sha256,
    path,
    district: null,
    sensor,
    date,
    bandsJson: JSON.stringify(scene.bands),
    gridJson: JSON.stringify(grid),
    sampleType: scene.sampleType,
    nodata: scene.nodata,
    scale: reflectance?.scale ?? null,
    offset: reflectance?.offset ?? null,
    ...lonLatBox(grid),
    addedAt: now.toISOString(),
    time: facts.time ?? (product?.date === date ? product.time : null),
    saturation: scene.saturation,
    ...(await cloudOf(scene, facts)),
    licence: facts.licence ?? null,
    maskJson: mask && JSON.stringify(mask),
    bytes: isRemotePath(path) ? null : (await stat(path)).size,
  };
}

async function cloudOf(
  scene: Scene,
  { cloudFraction }: SceneFacts,
): Promise<Pick<NewScene, 'cloudFraction' | 'cloudBy'>> {
  if (cloudFraction !== undefined) return { cloudFraction, cloudBy: 'provider' };
  // Over the network a sample is a long wait; what cannot be decoded is found by who asks for it.
  const share = isRemotePath(scene.path) || isStackPath(scene.path) ? null : await cloudShareGuarded(scene);
  return { cloudFraction: share, cloudBy: share === null ? null : 'sample' };
}

function unsaid(path: string, what: string, option: string): ServiceError {
  const message = `${path}: ${what}; wanted ${option}, a name that tells, or facts beside it.`;
  return new ServiceError('scene-invalid', message, { lacks: option });
}

/** Writes the row of a scene; see addSceneFile. */
export function putScene(store: Store, row: NewScene, now: Date): Promise<AddedScene> {
  return store.db.transaction().execute((trx) => put(trx, row, now));
}

async function put(trx: Transaction<Database>, row: NewScene, now: Date): Promise<AddedScene> {
  const known = await findScene(trx, row.id);
  if (known === null || known.removedAt !== null) return addScene(trx, row);
  if (factsOf(known) !== factsOf(row)) {
    throw new ServiceError(
      'scene-invalid',
      `${row.path}: is scene ${row.id}, which was added as ${factsOf(known)}, and now as ${factsOf(row)}; remove the scene first.`,
    );
  }
  if (known.path === row.path || isRemotePath(known.path) || existsSync(known.path)) {
    return { scene: known, isNew: false };
  }
  await removeScene(trx, row.id, now);
  return { ...(await addScene(trx, row)), isNew: false };
}

/** What must not differ without anybody noticing; the rest stays as it was said first. */
function factsOf({ date, sensor, bandsJson, gridJson, maskJson }: NewScene): string {
  const mask = maskJson ? [`mask ${(JSON.parse(maskJson) as SuppliedMask).sha256.slice(0, 16)}`] : [];
  return [date, sensor, JSON.parse(bandsJson).join(','), (JSON.parse(gridJson) as Grid).crs, ...mask].join(' ');
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
    saturation: row.saturation,
    reflectance: row.scale === null || row.offset === null ? null : { scale: row.scale, offset: row.offset },
    mask: row.maskJson === null ? null : (JSON.parse(row.maskJson) as SuppliedMask),
    date: row.date,
    sensor: row.sensor,
  };
}

/** Points along the edge of a grid, in lon/lat, anticlockwise from its top left: `steps` to a side. */
export function edgeLonLat(grid: Grid, steps: number): [lon: number, lat: number][] {
  const project = toLonLat(grid.crs ?? 'EPSG:4326');
  const at = (t: number, u: number) =>
    project(grid.originX + t * grid.width * grid.pixelWidth, grid.originY + u * grid.height * grid.pixelHeight);
  const along = Array.from({ length: steps }, (_, i) => i / steps);
  return [
    ...along.map((t) => at(0, t)),
    ...along.map((t) => at(t, 1)),
    ...along.map((t) => at(1, 1 - t)),
    ...along.map((t) => at(1 - t, 0)),
  ].map(([lon, lat]) => [lon, lat]);
}

/** The lon/lat box of a grid, from points along its edge: a projected rectangle bulges between its corners. */
export function lonLatBox(grid: Grid): LonLatBox {
  const points = edgeLonLat(grid, 16);
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  return {
    minLon: Math.min(...lons),
    minLat: Math.min(...lats),
    maxLon: Math.max(...lons),
    maxLat: Math.max(...lats),
  };
}
