import type { Grid, Window } from './grid.ts';
import { windowGrid } from './grid.ts';
import type { Raster, RasterSource } from './raster.ts';
import { type TieShift, tieShift } from './registration/shift.ts';
import { planTieTiles, tieTileImage, tieTileSize } from './registration/tie-tiles.ts';
import { type PixelShift, resample, sourceWindow, wholePixelOffset } from './resampling/resample.ts';

/** A smaller shift is within the error of finding it: correcting it would only blur the image. */
const leastShiftPx = 0.05;
/** How many tie tiles a pair is registered on: with more the shift of real pairs moved by less than 0.03 px. */
const tieTiles = 12;
/** 128-pixel tiles hold on as well as 256 on metre and ten-metre pixels, at a quarter of the time. */
const largestTie = 128;

/**
 * Reads what `source` shows of the window `target`, laid on it centre to centre; what the file does not
 * cover is unobserved. `bands` picks and orders the file's bands.
 */
export async function readAligned(
  source: RasterSource,
  target: Grid,
  bands: readonly number[],
  found?: PixelShift,
): Promise<Raster<Float32Array>> {
  const shift = worthwhile(found);
  const margin = shift === undefined ? 0 : Math.ceil(Math.max(Math.abs(shift.dx), Math.abs(shift.dy))) + 1;
  const window = sourceWindow(source.info.grid, target, margin);
  if (window === null) return nothing(target, bands.length);
  const raster = await source.read(window);
  return resample({ ...raster, bands: bands.map((band) => raster.bands[band]) }, target, 'auto', shift);
}

/** The shift, where it is more than the error of finding it. */
export function worthwhile(shift: PixelShift | null | undefined): PixelShift | undefined {
  return shift && Math.hypot(shift.dx, shift.dy) > leastShiftPx ? shift : undefined;
}

/**
 * Reads what `source` shows of `target`, whose pixels are the file's own (wholePixelOffset), into the arrays of `into`.
 */
export async function readInPlace(source: RasterSource, target: Grid, into: Raster): Promise<void> {
  const offset = wholePixelOffset(source.info.grid, target);
  if (offset === null) throw new RangeError('The pixels of the window are not the file’s own.');
  const read = await source.read({ ...offset, width: target.width, height: target.height }, into);
  if (read.mask.buffer === into.mask.buffer) return;
  for (const [k, band] of read.bands.entries()) into.bands[k].set(band);
  into.mask.set(read.mask);
}

function nothing(target: Grid, bandCount: number): Raster<Float32Array> {
  const pixels = target.width * target.height;
  return {
    grid: target,
    bands: Array.from({ length: bandCount }, () => new Float32Array(pixels)),
    mask: new Uint8Array(pixels),
  };
}

/** One side of a pair: a file and which of its bands take part. */
export interface PairSide {
  source: RasterSource;
  bands: readonly number[];
}

/** Where ties are looked for within `overlap` (a window of `grid`); none where it is too small for that. */
export function planTies(grid: Grid, overlap: Window): Window[] {
  const area = windowGrid(grid, overlap);
  const fitting = tieTileSize(area);
  if (fitting === null) return [];
  return planTieTiles(area, Math.min(fitting, largestTie), tieTiles).map((window) => ({
    ...window,
    column: window.column + overlap.column,
    row: window.row + overlap.row,
  }));
}

/**
 * How far `after` lies off `before` in a square window of `grid`, a power of two wide; null where the ground gives no
 * hold: too cloudy, too flat. robustShift makes a pair's shift of many.
 */
export async function tieAt(before: PairSide, after: PairSide, grid: Grid, window: Window): Promise<TieShift | null> {
  const target = windowGrid(grid, window);
  const a = await readAligned(before.source, target, before.bands);
  const b = await readAligned(after.source, target, after.bands);
  const imageBefore = tieTileImage(a.bands, a.mask, window.width);
  const imageAfter = tieTileImage(b.bands, b.mask, window.width);
  if (imageBefore === null || imageAfter === null) return null;
  return tieShift(imageBefore, imageAfter, window.width);
}
