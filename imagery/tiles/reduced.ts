import { readAligned } from '../aligned.ts';
import { transformer } from '../crs.ts';
import { type Grid, overviewGrid, type ProjectedBox, type Window, windowGrid } from '../grid.ts';
import type { Raster, RasterSource } from '../raster.ts';
import { WEB_MERCATOR } from './web-mercator.ts';

/** An overview may be so much coarser than asked for: it is then enlarged by less than anyone sees. */
const slack = 1.1;
/** Source pixels held at a time: tiles that take in more are read in strips. */
const pixelsAtOnce = 4 * 2 ** 20;

/** Pixels of `source` to one of `target` (web mercator), along a side, in the middle of the source. */
export function reductionOf(source: Grid, target: Grid): number {
  const crs = source.crs ?? WEB_MERCATOR;
  const middle = [
    source.originX + (source.width / 2) * source.pixelWidth,
    source.originY + (source.height / 2) * source.pixelHeight,
  ] as const;
  const [x, y] = transformer(crs, WEB_MERCATOR)(...middle);
  const back = transformer(WEB_MERCATOR, crs);
  const along = (dx: number, dy: number) => {
    const [u, v] = back(x + dx, y + dy);
    return Math.hypot((u - middle[0]) / source.pixelWidth, (v - middle[1]) / source.pixelHeight);
  };
  return Math.max(along(target.pixelWidth, 0), along(0, target.pixelHeight));
}

/** The overview to read at a reduction: the coarsest that is still as fine as asked for; -1 is the image itself. */
export function levelFor({ info }: Pick<RasterSource, 'info'>, reduction: number): number {
  return info.overviews.findLastIndex(({ width }) => info.grid.width / width <= reduction * slack);
}

/** The part of a tile that may show ground of `box` (web mercator), a pixel more on each side; null: none of it. */
export function tileWindow(tile: Grid, box: ProjectedBox): Window | null {
  const column = Math.max(0, Math.floor((box.minX - tile.originX) / tile.pixelWidth) - 1);
  const row = Math.max(0, Math.floor((box.maxY - tile.originY) / tile.pixelHeight) - 1);
  const right = Math.min(tile.width, Math.ceil((box.maxX - tile.originX) / tile.pixelWidth) + 1);
  const bottom = Math.min(tile.height, Math.ceil((box.minY - tile.originY) / tile.pixelHeight) + 1);
  return right > column && bottom > row ? { column, row, width: right - column, height: bottom - row } : null;
}

/** readAligned, never holding more than a few megapixels of a source that is much finer than the target. */
export async function readReduced(
  source: RasterSource,
  target: Grid,
  bands: readonly number[],
  reduction: number,
): Promise<Raster<Float32Array>> {
  const rows = Math.max(1, Math.floor(pixelsAtOnce / (target.width * Math.max(1, reduction) ** 2)));
  if (rows >= target.height) return readAligned(source, target, bands);
  const whole = bands.map(() => new Float32Array(target.width * target.height));
  const mask = new Uint8Array(target.width * target.height);
  for (let row = 0; row < target.height; row += rows) {
    const height = Math.min(rows, target.height - row);
    const strip = await readAligned(source, windowGrid(target, { column: 0, row, width: target.width, height }), bands);
    for (const [k, band] of whole.entries()) band.set(strip.bands[k], row * target.width);
    mask.set(strip.mask, row * target.width);
  }
  return { grid: target, bands: whole, mask };
}

/**
 * A small copy of an image that holds no overviews, in memory, as a source that stands in for the one it lacks.
 * @param longestPx pixels of its longer side at most
 */
export async function smallCopy(source: RasterSource, longestPx: number): Promise<RasterSource> {
  const { grid } = source.info;
  const factor = 2 ** Math.ceil(Math.log2(Math.max(grid.width, grid.height) / longestPx));
  const size = { width: Math.ceil(grid.width / factor), height: Math.ceil(grid.height / factor) };
  const small = overviewGrid(grid, size);
  const bands = Array.from({ length: source.info.bandCount }, (_, k) => k);
  const held = await readReduced(source, small, bands, factor);
  return heldSource({ ...source.info, grid: small, overviews: [], sampleType: 'float32' }, held);
}

/** A raster in memory, read like a file. */
function heldSource(info: RasterSource['info'], held: Raster<Float32Array>): RasterSource {
  return {
    info,
    async read(window) {
      const read = {
        grid: windowGrid(info.grid, window),
        bands: held.bands.map(() => new Float32Array(window.width * window.height)),
        mask: new Uint8Array(window.width * window.height),
      };
      const left = Math.max(0, -window.column);
      const right = Math.min(window.width, info.grid.width - window.column);
      for (let r = Math.max(0, -window.row); r < window.height && r + window.row < info.grid.height; r++) {
        if (right <= left) break;
        const from = (r + window.row) * info.grid.width + window.column;
        const to = r * window.width + left;
        for (const [k, band] of read.bands.entries()) band.set(held.bands[k].subarray(from + left, from + right), to);
        read.mask.set(held.mask.subarray(from + left, from + right), to);
      }
      return read;
    },
    overview: async () => {
      throw new RangeError(`${info.path} has no overviews.`);
    },
    close: async () => {},
  };
}
