import type { Grid } from '../grid.ts';
import type { Raster } from '../raster.ts';
import type { TapMethod } from './axis-taps.ts';
import { controlLattice, latticeRow, type PixelMap } from './lattice.ts';
import { LEAST_OBSERVED_WEIGHT } from './separable.ts';

/** Size of the source box an area average covers, in source pixels. */
export interface Footprint {
  width: number;
  height: number;
}

/** Adds one source pixel to the pixel under way: its index in the bands, its weight. */
type Add = (index: number, weight: number) => void;

/**
 * Resamples where target and source do not share their axes. `map` is exact and dear; it is called on the
 * control lattice only. A pixel whose content is less than half observed is unobserved.
 */
export function warp(
  source: Raster,
  target: Grid,
  map: PixelMap,
  method: TapMethod,
  footprint: Footprint,
): Raster<Float32Array> {
  const { width, height } = target;
  const bands = source.bands.map(() => new Float32Array(width * height));
  const mask = new Uint8Array(width * height);
  const sums = new Float64Array(bands.length);
  let weight = 0;
  const add: Add = (index, w) => {
    if (source.mask[index] === 0) return;
    weight += w;
    for (let b = 0; b < sums.length; b++) sums[b] += w * source.bands[b][index];
  };
  const visit = visitors[method](source.grid, footprint, add);
  const lattice = controlLattice(map, width, height);
  const u = new Float64Array(width);
  const v = new Float64Array(width);
  for (let r = 0; r < height; r++) {
    latticeRow(lattice, r, u, v);
    for (let c = 0; c < width; c++) {
      weight = 0;
      sums.fill(0);
      visit(u[c], v[c]);
      if (weight < LEAST_OBSERVED_WEIGHT) continue;
      mask[r * width + c] = 1;
      for (let b = 0; b < sums.length; b++) bands[b][r * width + c] = sums[b] / weight;
    }
  }
  return { grid: target, bands, mask };
}

/** Per method: calls `add` for the source pixels under (u, v). NaN coordinates touch no pixel. */
const visitors: Record<TapMethod, (grid: Grid, footprint: Footprint, add: Add) => (u: number, v: number) => void> = {
  nearest: (grid, _footprint, add) => (u, v) => {
    const i = Math.floor(u + 1e-6);
    const j = Math.floor(v + 1e-6);
    if (i >= 0 && j >= 0 && i < grid.width && j < grid.height) add(j * grid.width + i, 1);
  },
  bilinear: (grid, _footprint, add) => (u, v) => {
    const i = Math.floor(u - 0.5);
    const j = Math.floor(v - 0.5);
    const s = u - 0.5 - i;
    const t = v - 0.5 - j;
    const k = j * grid.width + i;
    const left = i >= 0 && i < grid.width;
    const right = i >= -1 && i < grid.width - 1;
    if (j >= 0 && j < grid.height) {
      if (left) add(k, (1 - s) * (1 - t));
      if (right) add(k + 1, s * (1 - t));
    }
    if (j >= -1 && j < grid.height - 1) {
      if (left) add(k + grid.width, (1 - s) * t);
      if (right) add(k + grid.width + 1, s * t);
    }
  },
  area: (grid, footprint, add) => (u, v) => {
    const left = u - footprint.width / 2;
    const top = v - footprint.height / 2;
    const right = left + footprint.width;
    const bottom = top + footprint.height;
    const full = footprint.width * footprint.height;
    const endColumn = Math.min(grid.width, right);
    const endRow = Math.min(grid.height, bottom);
    for (let j = Math.max(0, Math.floor(top)); j < endRow; j++) {
      const rowShare = Math.min(bottom, j + 1) - Math.max(top, j);
      for (let i = Math.max(0, Math.floor(left)); i < endColumn; i++) {
        add(j * grid.width + i, (rowShare * (Math.min(right, i + 1) - Math.max(left, i))) / full);
      }
    }
  },
};
