import { transformer } from '../../../imagery/crs.ts';
import { type Grid, type Window, windowGrid } from '../../../imagery/grid.ts';
import type { RasterSource } from '../../../imagery/raster.ts';
import { openSceneFile } from '../../../imagery/scene-file.ts';
import { createTiff } from '../../../imagery/tiff/writer.ts';
import type { Evidence } from '../../month/evidence.ts';
import { sceneOfRow } from '../../scenes/scene-record.ts';
import type { SceneRow } from '../../store/scenes.ts';
import { chipGrid } from '../chip-frame.ts';

/** A part of a scene as it was delivered. */
export interface Clip {
  window: Window;
  grid: Grid;
  bandCount: number;
  sampleType: string;
  nodata: number | null;
}

/** Pixels of a clip at most; where the picture's ground has more, the patch is clipped with less round it. */
const MOST_PIXELS = 4096 * 4096;
const CONTEXTS = [0.6, 0.1, 0];
const TILE = 256;

/**
 * Writes the ground of the patch's pictures out of one scene: raw samples of all bands, CRS, pixel lattice and nodata as
 * the scene has them, nothing resampled. @returns null where the scene shows none of that ground
 * @throws ImageryError where it cannot be read
 */
export async function clipScene(row: SceneRow, evidence: Evidence, path: string): Promise<Clip | null> {
  const { path: scenePath, bandCount, grid } = sceneOfRow(row);
  const source = await openSceneFile({ path: scenePath, bandCount, grid });
  try {
    const window = clipWindow(evidence, source.info.grid);
    if (window === null) return null;
    // What is said of the scene holds where the file itself says nothing.
    const nodata = row.nodata ?? source.info.nodata;
    await copyWindow(source, window, path, nodata);
    const { sampleType } = source.info;
    return { window, grid: windowGrid(source.info.grid, window), bandCount, sampleType, nodata };
  } finally {
    await source.close();
  }
}

/** The whole pixels of a scene that the patch's pictures show; null where that is nothing. */
function clipWindow(evidence: Evidence, scene: Grid): Window | null {
  let window: Window | null = null;
  for (const context of CONTEXTS) {
    window = windowOn(scene, chipGrid(evidence, 64, context));
    if (window === null || window.width * window.height <= MOST_PIXELS) break;
  }
  return window;
}

/** The pixels of `scene` that `ground`, a grid of any CRS, touches. */
function windowOn(scene: Grid, ground: Grid): Window | null {
  const project = transformer(ground.crs ?? 'EPSG:4326', scene.crs ?? 'EPSG:4326');
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i <= 16; i++) {
    for (const [column, row] of [
      [i, 0],
      [i, 16],
      [0, i],
      [16, i],
    ]) {
      const x = ground.originX + (column / 16) * ground.width * ground.pixelWidth;
      const y = ground.originY + (row / 16) * ground.height * ground.pixelHeight;
      const [sx, sy] = project(x, y);
      const [c, r] = [(sx - scene.originX) / scene.pixelWidth, (sy - scene.originY) / scene.pixelHeight];
      [left, right] = [Math.min(left, c), Math.max(right, c)];
      [top, bottom] = [Math.min(top, r), Math.max(bottom, r)];
    }
  }
  // A border that falls on one of the scene's own is not to take in the pixel beyond it.
  const first = (at: number) => Math.floor(at + 1e-6);
  const last = (at: number) => Math.ceil(at - 1e-6);
  const column = Math.max(0, first(left));
  const row = Math.max(0, first(top));
  const width = Math.min(scene.width, last(right)) - column;
  const height = Math.min(scene.height, last(bottom)) - row;
  return width > 0 && height > 0 ? { column, row, width, height } : null;
}

/** Tile by tile, so that memory does not grow with the clip. */
async function copyWindow(source: RasterSource, window: Window, path: string, nodata: number | null): Promise<void> {
  const { sampleType, bandCount, grid } = source.info;
  const layout = { bandCount, sampleType, nodata, tileSize: TILE, level: 6 };
  const writer = await createTiff(path, windowGrid(grid, window), layout);
  try {
    for (let tileRow = 0; tileRow < writer.tileRows; tileRow++) {
      for (let tileColumn = 0; tileColumn < writer.tileColumns; tileColumn++) {
        const { column, row, width, height } = writer.tileWindow(tileColumn, tileRow);
        const part = { column: window.column + column, row: window.row + row, width, height };
        await writer.writeTile(tileColumn, tileRow, (await source.read(part)).bands);
      }
    }
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
