import { toLonLat } from '../../imagery/crs.ts';
import { ImageryError } from '../../imagery/error.ts';
import type { Grid, LonLatBox } from '../../imagery/grid.ts';
import type { SampleType } from '../../imagery/raster.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { describeScene } from '../../imagery/scene-file.ts';
import type { Store } from '../store/open.ts';
import { addScene, type SceneRow } from '../store/scenes.ts';

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

/**
 * Registers an image file as a scene of the workspace. Adding the same bytes again changes nothing.
 * @throws ImageryError of the reader; crs-missing when neither the file nor `crs` says where it lies
 */
export async function addSceneFile(store: Store, path: string, facts: SceneFacts, now: Date): Promise<AddedScene> {
  const scene = await describeScene(path, facts);
  const { grid } = scene;
  if (grid.crs === null) {
    throw new ImageryError('crs-missing', `${path}: names no CRS; wanted one (name it with --crs EPSG:n).`);
  }
  return addScene(store.db, {
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
  });
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
