import type { MultiPolygon, Polygon } from 'geojson';
import { type Objects, objectsOf } from '../../detectors/objects.ts';
import { type Grid, sameGrid, type Window, windowGrid } from '../../imagery/grid.ts';
import { openRaster } from '../../imagery/open-raster.ts';
import type { Raster, RasterSource } from '../../imagery/raster.ts';
import { resample, sourceWindow } from '../../imagery/resampling/resample.ts';
import { ServiceError } from '../error.ts';
import { isLayerFile, readMaskPolygons } from './mask-polygons.ts';
import { pixelsInside } from './polygon-runs.ts';

/** What a mask says of a pixel. Unknown: outside the raster, or without data in it. */
export const said = { unset: 0, set: 1, unknown: 2 } as const;

/** A mask laid on a grid. */
export interface Mask {
  /** One object per polygon; null where the mask is a raster. */
  objects: Objects | null;
  /** What is said of each pixel of a window inside the grid, row-major. */
  read(window: Window): Promise<Uint8Array>;
}

/** A file that says for pixels or by polygons what is set. */
export interface MaskFile {
  path: string;
  /** Of a raster; null where it is polygons, which lie in lon/lat. */
  grid: Grid | null;
  /**
   * Lays the mask on a grid, pixel centre to pixel centre.
   * @param whose the file that the grid is of, for the refusal
   * @throws ServiceError bad-input where the two cannot lie on each other
   */
  layOn(grid: Grid, whose: string): Mask;
  close(): Promise<void>;
}

/** Most pixels of a mask that are read at once. */
const mostAtOnce = 2 ** 22;
/** Decoded tiles of a mask in memory: a row of them, mostly. */
const cacheBytes = 16 * 2 ** 20;
/** JPEG smears edges: there, and only there, set is what is nearer to white. */
const jpegMiddle = 127;

/**
 * Opens a mask: an image in which set is what is not black (0), or the polygons of a layer file. Of an image without a
 * place on the Earth the pixels are counted off.
 * @throws ImageryError, ServiceError layer-invalid
 */
export async function openMask(path: string): Promise<MaskFile> {
  return isLayerFile(path) ? openPolygons(path) : rasterMask(await openRaster(path, { cacheBytes }));
}

/** Opens polygons as a mask of its own: patches, of which there may be none. @throws ServiceError layer-invalid */
export async function openPolygons(path: string): Promise<MaskFile> {
  const geometries = await readMaskPolygons(path);
  return {
    path,
    grid: null,
    layOn: (grid, whose) => {
      if (grid.crs === null)
        throw refusal(path, `lies in lon/lat, but ${whose} names no CRS; wanted a --score or --grid that does`);
      return polygonMask(geometries, grid);
    },
    close: async () => {},
  };
}

function polygonMask(geometries: (Polygon | MultiPolygon)[], grid: Grid): Mask {
  const objects = objectsOf(geometries.map((geometry) => pixelsInside(geometry, grid)));
  const { row, start, end } = objects.runs;
  const read = async (window: Window) => {
    const pixels = new Uint8Array(window.width * window.height);
    const right = window.column + window.width;
    for (let i = firstOfRow(row, window.row); i < row.length && row[i] < window.row + window.height; i++) {
      const line = (row[i] - window.row) * window.width - window.column;
      const [from, to] = [Math.max(start[i], window.column), Math.min(end[i], right)];
      if (from < to) pixels.fill(said.set, line + from, line + to);
    }
    return pixels;
  };
  return { objects, read };
}

function firstOfRow(rows: Int32Array, row: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rasterMask(source: RasterSource): MaskFile {
  const { path, grid: own } = source.info;
  return {
    path,
    grid: own,
    layOn: (grid, whose) => {
      const placed = own.crs !== null && grid.crs !== null;
      if (placed && !sameGrid(own, grid)) return { objects: null, read: (window) => readAcross(source, grid, window) };
      if (own.width !== grid.width || own.height !== grid.height) {
        const sizes = `has ${own.width} x ${own.height} pixels, but ${whose} has ${grid.width} x ${grid.height}`;
        const bare = own.crs === null ? path : whose;
        throw refusal(path, `${sizes} and ${bare} names no CRS; wanted the same size, or both placed on the Earth`);
      }
      return { objects: null, read: (window) => readDirectly(source, window) };
    },
    close: () => source.close(),
  };
}

/** Pixels of a window of the mask itself. */
async function readDirectly(source: RasterSource, window: Window): Promise<Uint8Array> {
  const { bands, mask } = await source.read(window);
  const { nodata, compression } = source.info;
  const black = compression === 'jpeg' ? jpegMiddle : 0;
  const pixels = new Uint8Array(window.width * window.height);
  for (const band of bands) {
    for (let i = 0; i < pixels.length; i++) if (band[i] > black || band[i] < -black) pixels[i] = said.set;
  }
  // A mask whose nodata is 0 says that unset is unset, not that nothing is known.
  if (nodata !== 0) for (let i = 0; i < pixels.length; i++) if (mask[i] === 0) pixels[i] = said.unknown;
  return pixels;
}

/** What the mask says where each pixel of another grid has its centre. */
async function readAcross(source: RasterSource, grid: Grid, window: Window): Promise<Uint8Array> {
  const pixels = new Uint8Array(window.width * window.height).fill(said.unknown);
  const lay = async (part: Window): Promise<void> => {
    const target = windowGrid(grid, part);
    const needed = sourceWindow(source.info.grid, target, 1);
    if (needed === null) return;
    // A mask much finer than the grid: by parts, so that never all of it is in memory.
    if (needed.width * needed.height > mostAtOnce && part.width * part.height > 1) {
      for (const half of halves(part)) await lay(half);
      return;
    }
    const own = await readDirectly(source, needed);
    const known = own.map((what) => (what === said.unknown ? 0 : 1));
    const raster: Raster = { grid: windowGrid(source.info.grid, needed), bands: [own], mask: known };
    const { bands, mask } = resample(raster, target, 'nearest');
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue;
      const row = part.row - window.row + Math.floor(i / part.width);
      pixels[row * window.width + part.column - window.column + (i % part.width)] = bands[0][i];
    }
  };
  await lay(window);
  return pixels;
}

function halves(window: Window): Window[] {
  const { column, row, width, height } = window;
  if (width >= height) {
    const left = Math.ceil(width / 2);
    return [
      { ...window, width: left },
      { ...window, column: column + left, width: width - left },
    ];
  }
  const upper = Math.ceil(height / 2);
  return [
    { ...window, height: upper },
    { ...window, row: row + upper, height: height - upper },
  ];
}

function refusal(path: string, problem: string): ServiceError {
  return new ServiceError('bad-input', `${path}: ${problem}.`);
}
