import { transformer } from '../crs.ts';
import { ImageryError } from '../error.ts';
import type { Grid, Window } from '../grid.ts';
import type { Raster } from '../raster.ts';
import { type AxisMap, axisTaps, type TapMethod } from './axis-taps.ts';
import type { PixelMap } from './lattice.ts';
import { resampleSeparable } from './separable.ts';
import { type Footprint, warp } from './warp.ts';

/** 'auto': a copy where the lattices coincide, area where the source is much finer, otherwise bilinear. */
export type ResampleMethod = TapMethod | 'auto';

/**
 * Sub-pixel correction in target pixels: dx right, dy down. The content of target pixel (c, r) is taken
 * from where target pixel (c + dx, r + dy) lies in the source. With tieShift's convention
 * after(x + dx, y + dy) ≈ before(x, y), resampling `after` with that shift lays it on `before`.
 */
export interface PixelShift {
  dx: number;
  dy: number;
}

/** From this many source pixels per target pixel on, two neighbours no longer stand for the area. */
const AREA_FROM_RATIO = 1.5;

/** Lattices coincide when no pixel of the target is further than this from a source pixel's place. */
const COINCIDENT_PX = 1e-3;

/** Points per side at which a target is projected to find the window of the source it needs. */
const WINDOW_PROBES = 24;

const NO_SHIFT: PixelShift = { dx: 0, dy: 0 };

/**
 * The window of `source` that covers `target`, the neighbours a bilinear or area method needs included,
 * widened by `marginPx` source pixels (for a shift) and clipped to the source. Null: they do not overlap.
 * @throws ImageryError crs-missing when one grid has a CRS and the other has none.
 */
export function sourceWindow(source: Grid, target: Grid, marginPx: number): Window | null {
  const box = sourceBox(source, target);
  const touching = COINCIDENT_PX;
  if (box === null || box.right <= touching || box.bottom <= touching) return null;
  if (box.left >= source.width - touching || box.top >= source.height - touching) return null;
  const copied = sharedAxes(source, target) && latticeOffset(source, target, NO_SHIFT) !== null;
  const wider = marginPx + (copied ? -COINCIDENT_PX : 1);
  const column = Math.max(0, Math.floor(box.left - wider));
  const row = Math.max(0, Math.floor(box.top - wider));
  return {
    column,
    row,
    width: Math.min(source.width, Math.ceil(box.right + wider)) - column,
    height: Math.min(source.height, Math.ceil(box.bottom + wider)) - row,
  };
}

interface PixelBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The target's extent in source pixels; null where no point of it can be projected. */
function sourceBox(source: Grid, target: Grid): PixelBox | null {
  const map = pixelMap(source, target, NO_SHIFT);
  const box: PixelBox = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const probes = sharedAxes(source, target) ? 1 : WINDOW_PROBES;
  for (let j = 0; j <= probes; j++) {
    for (let i = 0; i <= probes; i++) {
      const [u, v] = map((i / probes) * target.width, (j / probes) * target.height);
      if (!Number.isFinite(u) || !Number.isFinite(v)) continue;
      box.left = Math.min(box.left, u);
      box.right = Math.max(box.right, u);
      box.top = Math.min(box.top, v);
      box.bottom = Math.max(box.bottom, v);
    }
  }
  return box.left <= box.right ? box : null;
}

/**
 * Lays `source` on the grid `target`, pixel centre to pixel centre: width × height float samples per band.
 * A target pixel whose content is less than half observed, or outside the source, is unobserved; otherwise
 * its value is the mean over what was observed.
 * @throws ImageryError crs-missing when one grid has a CRS and the other has none.
 */
export function resample(
  source: Raster,
  target: Grid,
  method: ResampleMethod,
  shift: PixelShift = NO_SHIFT,
): Raster<Float32Array> {
  const map = pixelMap(source.grid, target, shift);
  const footprint = footprintOf(map, target);
  const finer = Math.max(footprint.width, footprint.height) > AREA_FROM_RATIO;
  const used: TapMethod = method !== 'auto' ? method : finer ? 'area' : 'bilinear';
  if (!sharedAxes(source.grid, target)) return warp(source, target, map, used, footprint);
  const offset = latticeOffset(source.grid, target, shift);
  if (offset !== null) return copyBlock(source, target, offset);
  const { columns, rows } = axisMaps(source.grid, target, shift);
  return resampleSeparable(
    source,
    target,
    axisTaps(columns, target.width, source.grid.width, used),
    axisTaps(rows, target.height, source.grid.height, used),
  );
}

/** The whole-pixel offset of `target` in `source` where each of its pixels is one of the source's own; null elsewhere. */
export function wholePixelOffset(
  source: Grid,
  target: Grid,
  shift: PixelShift = NO_SHIFT,
): { column: number; row: number } | null {
  return sharedAxes(source, target) ? latticeOffset(source, target, shift) : null;
}

function sharedAxes(source: Grid, target: Grid): boolean {
  return source.crs === target.crs;
}

function axisMaps(source: Grid, target: Grid, shift: PixelShift): { columns: AxisMap; rows: AxisMap } {
  const scaleX = target.pixelWidth / source.pixelWidth;
  const scaleY = target.pixelHeight / source.pixelHeight;
  return {
    columns: { scale: scaleX, offset: (target.originX - source.originX) / source.pixelWidth + shift.dx * scaleX },
    rows: { scale: scaleY, offset: (target.originY - source.originY) / source.pixelHeight + shift.dy * scaleY },
  };
}

/** Where target pixel coordinates lie in the source, in source pixels from its outer corner. */
function pixelMap(source: Grid, target: Grid, shift: PixelShift): PixelMap {
  if ((source.crs === null) !== (target.crs === null)) {
    const [known, missing] = source.crs === null ? ['target', 'source'] : ['source', 'target'];
    throw new ImageryError(
      'crs-missing',
      `The ${missing} grid has no CRS but the ${known} grid is in ${source.crs ?? target.crs}: both or neither must have one.`,
    );
  }
  const project =
    source.crs === target.crs || source.crs === null || target.crs === null
      ? (x: number, y: number): [number, number] => [x, y]
      : transformer(target.crs, source.crs);
  return (column, row) => {
    const [x, y] = project(
      target.originX + (column + shift.dx) * target.pixelWidth,
      target.originY + (row + shift.dy) * target.pixelHeight,
    );
    return [(x - source.originX) / source.pixelWidth, (y - source.originY) / source.pixelHeight];
  };
}

/** Source pixels under one target pixel, taken at the target's middle. */
function footprintOf(map: PixelMap, target: Grid): Footprint {
  const c = target.width / 2;
  const r = target.height / 2;
  const [leftU, leftV] = map(c - 0.5, r);
  const [rightU, rightV] = map(c + 0.5, r);
  const [topU, topV] = map(c, r - 0.5);
  const [bottomU, bottomV] = map(c, r + 0.5);
  const width = Math.max(Math.abs(rightU - leftU), Math.abs(bottomU - topU));
  const height = Math.max(Math.abs(rightV - leftV), Math.abs(bottomV - topV));
  return Number.isFinite(width) && Number.isFinite(height) ? { width, height } : { width: 1, height: 1 };
}

/** The whole-pixel offset of the target in the source, or null where the lattices do not coincide. */
function latticeOffset(source: Grid, target: Grid, shift: PixelShift): { column: number; row: number } | null {
  const { columns, rows } = axisMaps(source, target, shift);
  const column = Math.round(columns.offset);
  const row = Math.round(rows.offset);
  const away = (axis: AxisMap, whole: number, length: number) =>
    Math.max(Math.abs(axis.offset - whole), Math.abs(axis.offset - whole + (axis.scale - 1) * length));
  if (away(columns, column, target.width) > COINCIDENT_PX) return null;
  if (away(rows, row, target.height) > COINCIDENT_PX) return null;
  return { column, row };
}

function copyBlock(source: Raster, target: Grid, offset: { column: number; row: number }): Raster<Float32Array> {
  const { width, height } = target;
  const bands = source.bands.map(() => new Float32Array(width * height));
  const mask = new Uint8Array(width * height);
  const left = Math.max(0, -offset.column);
  const right = Math.min(width, source.grid.width - offset.column);
  if (right <= left) return { grid: target, bands, mask };
  for (let r = Math.max(0, -offset.row); r < Math.min(height, source.grid.height - offset.row); r++) {
    const from = (r + offset.row) * source.grid.width + offset.column;
    const to = r * width + left;
    mask.set(source.mask.subarray(from + left, from + right), to);
    for (let b = 0; b < bands.length; b++) bands[b].set(source.bands[b].subarray(from + left, from + right), to);
  }
  return { grid: target, bands, mask };
}
