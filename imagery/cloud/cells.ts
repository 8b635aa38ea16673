import type { Raster } from '../raster.ts';

/** A raster averaged over square cells of cellPx × cellPx pixels; the last column and row may be cut short. */
export interface Cells {
  columns: number;
  rows: number;
  cellPx: number;
  bands: Float32Array[];
  /** 1 where at least half of the cell's pixels were observed; 0 cells hold the value 0. */
  observed: Uint8Array;
}

/** Averages the observed pixels of the given bands (indices into raster.bands) over cells. */
export function averageOverCells(raster: Raster, bandIndices: readonly number[], cellPx: number): Cells {
  const { width, height } = raster.grid;
  const columns = Math.ceil(width / cellPx);
  const rows = Math.ceil(height / cellPx);
  const counts = new Float32Array(columns * rows);
  addToCells(raster.mask, null, width, height, cellPx, counts);
  const bands = bandIndices.map((index) => {
    const sums = new Float32Array(columns * rows);
    addToCells(raster.bands[index], raster.mask, width, height, cellPx, sums);
    return sums;
  });
  const observed = new Uint8Array(columns * rows);
  for (let k = 0; k < observed.length; k++) {
    const cellWidth = Math.min(cellPx, width - (k % columns) * cellPx);
    const cellHeight = Math.min(cellPx, height - Math.floor(k / columns) * cellPx);
    observed[k] = counts[k] >= 0.5 * cellWidth * cellHeight ? 1 : 0;
  }
  for (const band of bands) for (let k = 0; k < band.length; k++) band[k] = observed[k] === 0 ? 0 : band[k] / counts[k];
  return { columns, rows, cellPx, bands, observed };
}

function addToCells(
  samples: ArrayLike<number>,
  mask: Uint8Array | null,
  width: number,
  height: number,
  cellPx: number,
  sums: Float32Array,
): void {
  const columns = Math.ceil(width / cellPx);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cellPx) * columns;
    for (let c = 0; c < columns; c++) {
      const end = y * width + Math.min(width, (c + 1) * cellPx);
      let sum = 0;
      for (let k = y * width + c * cellPx; k < end; k++) if (mask === null || mask[k] !== 0) sum += samples[k];
      sums[row + c] += sum;
    }
  }
}

/** The value of each pixel's cell, width × height. */
export function cellsToPixels(values: Uint8Array, cells: Cells, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cells.cellPx) * cells.columns;
    for (let c = 0; c < cells.columns; c++) {
      const value = values[row + c];
      if (value === 0) continue;
      out.fill(value, y * width + c * cells.cellPx, y * width + Math.min(width, (c + 1) * cells.cellPx));
    }
  }
  return out;
}

/** Mean over the observed cells of the (2 · radius + 1)² square round each cell; 0 where none was observed. */
export function boxMean(values: Float32Array | Uint8Array, cells: Cells, radius: number): Float32Array {
  const { columns, rows, observed } = cells;
  const seen = new Float32Array(values.length);
  for (let k = 0; k < seen.length; k++) seen[k] = observed[k] === 0 ? 0 : values[k];
  const sums = boxSum(seen, columns, rows, radius);
  const counts = boxSum(observed, columns, rows, radius);
  for (let k = 0; k < sums.length; k++) sums[k] = counts[k] > 0.5 ? sums[k] / counts[k] : 0;
  return sums;
}

/** Cells with a set cell within `radius` columns and rows. */
export function dilate(set: Uint8Array, cells: Cells, radius: number): Uint8Array {
  const counts = boxSum(set, cells.columns, cells.rows, radius);
  const out = new Uint8Array(set.length);
  for (let k = 0; k < out.length; k++) out[k] = counts[k] > 0.5 ? 1 : 0;
  return out;
}

/** Cells round which every cell within `radius` columns and rows is set; at the border none is. */
export function erode(set: Uint8Array, cells: Cells, radius: number): Uint8Array {
  const counts = boxSum(set, cells.columns, cells.rows, radius);
  const all = (2 * radius + 1) ** 2 - 0.5;
  const out = new Uint8Array(set.length);
  for (let k = 0; k < out.length; k++) out[k] = counts[k] > all ? 1 : 0;
  return out;
}

/** Sum over the square round each cell, cut at the border, by running sums along rows, then down columns. */
function boxSum(values: Float32Array | Uint8Array, columns: number, rows: number, radius: number): Float32Array {
  const across = new Float32Array(columns * rows);
  for (let base = 0; base < across.length; base += columns) {
    let sum = 0;
    for (let i = 0; i < Math.min(radius, columns); i++) sum += values[base + i];
    for (let i = 0; i < columns; i++) {
      if (i + radius < columns) sum += values[base + i + radius];
      if (i > radius) sum -= values[base + i - radius - 1];
      across[base + i] = sum;
    }
  }
  const sums = new Float32Array(columns * rows);
  const running = new Float64Array(columns);
  for (let r = -radius; r < rows; r++) {
    const enters = (r + radius) * columns;
    const leaves = (r - radius - 1) * columns;
    if (r + radius < rows) for (let c = 0; c < columns; c++) running[c] += across[enters + c];
    if (leaves >= 0) for (let c = 0; c < columns; c++) running[c] -= across[leaves + c];
    if (r >= 0) for (let c = 0; c < columns; c++) sums[r * columns + c] = running[c];
  }
  return sums;
}

/** a − b, cell by cell. */
export function difference(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length);
  for (let k = 0; k < out.length; k++) out[k] = a[k] - b[k];
  return out;
}

/** The value below which `share` of the values at the set cells lie, from about ten thousand of them. */
export function percentile(values: Float32Array, set: Uint8Array, share: number): number {
  const sorted = sortedSample(values, set);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

/** Middle of the narrowest range that holds a quarter of the values at the set cells: where they crowd most. */
export function crowdedValue(values: Float32Array, set: Uint8Array): number {
  const sorted = sortedSample(values, set);
  const span = Math.floor(sorted.length / 4);
  let best = 0;
  for (let i = 1; i + span < sorted.length; i++) {
    if (sorted[i + span] - sorted[i] < sorted[best + span] - sorted[best]) best = i;
  }
  return sorted.length === 0 ? 0 : (sorted[best] + sorted[best + span]) / 2;
}

function sortedSample(values: Float32Array, set: Uint8Array): Float32Array {
  const step = Math.ceil(values.length / 10_000);
  const sample: number[] = [];
  for (let k = 0; k < values.length; k += step) if (set[k] === 1) sample.push(values[k]);
  return Float32Array.from(sample).sort();
}
