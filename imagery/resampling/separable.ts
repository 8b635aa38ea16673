import type { Grid } from '../grid.ts';
import type { Raster, Samples } from '../raster.ts';
import type { AxisTaps } from './axis-taps.ts';

/** Less observed weight than this and the target pixel is unobserved. */
export const LEAST_OBSERVED_WEIGHT = 0.5 - 1e-4;

/**
 * Resamples along rows and columns independently: target(c, r) = Σ_j wy_j Σ_i wx_i source(i, j) over the
 * observed source pixels, divided by their weight. First the source rows are blended (Σ_j), then the blend
 * is read along the columns (Σ_i): exact, and two short passes in place of a two-dimensional one.
 */
export function resampleSeparable(
  source: Raster,
  target: Grid,
  columns: AxisTaps,
  rows: AxisTaps,
): Raster<Float32Array> {
  const { width, height } = target;
  const bands = source.bands.map(() => new Float32Array(width * height));
  const mask = new Uint8Array(width * height);
  const blend = new Float32Array(source.grid.width);
  const weight = new Float32Array(width);
  const whole = source.mask.indexOf(0) < 0;
  for (let r = 0; r < height; r++) {
    if (whole) blend.fill(rowWeight(rows, r));
    else blendRows(source.mask, null, source.grid.width, columns, rows, r, blend);
    weight.fill(0);
    gather(blend, columns, weight, 0, width);
    for (let b = 0; b < bands.length; b++) {
      blendRows(source.bands[b], whole ? null : source.mask, source.grid.width, columns, rows, r, blend);
      gather(blend, columns, bands[b], r * width, width);
    }
    finishRow(bands, mask, weight, r * width, width);
  }
  return { grid: target, bands, mask };
}

function rowWeight(rows: AxisTaps, r: number): number {
  let sum = 0;
  for (let k = rows.first[r]; k < rows.first[r + 1]; k++) sum += rows.weights[k];
  return sum;
}

/** blend(i) = Σ_j wy_j · samples(i, j), where mask (if any) says observed. */
function blendRows(
  samples: Samples,
  mask: Uint8Array | null,
  stride: number,
  columns: AxisTaps,
  rows: AxisTaps,
  r: number,
  blend: Float32Array,
): void {
  blend.fill(0, columns.from, columns.to);
  const first = rows.first[r];
  for (let k = first; k < rows.first[r + 1]; k++) {
    const w = rows.weights[k];
    const base = (rows.start[r] + k - first) * stride;
    // A masked sample may be NaN, so it is left out, not multiplied by zero.
    if (mask === null) for (let i = columns.from; i < columns.to; i++) blend[i] += w * samples[base + i];
    else for (let i = columns.from; i < columns.to; i++) if (mask[base + i] !== 0) blend[i] += w * samples[base + i];
  }
}

function gather(blend: Float32Array, columns: AxisTaps, out: Float32Array, base: number, width: number): void {
  const { start, first, weights } = columns;
  for (let c = 0; c < width; c++) {
    let sum = 0;
    let i = start[c];
    for (let k = first[c]; k < first[c + 1]; k++) sum += weights[k] * blend[i++];
    out[base + c] = sum;
  }
}

/** Divides by the observed weight, or marks the pixel unobserved (value 0) where too little was. */
function finishRow(bands: Float32Array[], mask: Uint8Array, weight: Float32Array, base: number, width: number): void {
  for (let c = 0; c < width; c++) {
    const w = weight[c];
    const observed = w >= LEAST_OBSERVED_WEIGHT;
    mask[base + c] = observed ? 1 : 0;
    if (w === 1) continue;
    const scale = observed ? 1 / w : 0;
    for (let b = 0; b < bands.length; b++) bands[b][base + c] *= scale;
  }
}
