import type { Raster } from '../raster.ts';

/**
 * Block averages of an image, on which clouds are looked for: small enough to tell a cloud's soft edge from a
 * roof's, large enough to leave out what lies within a roof, and few enough to hold for a whole scene. May be
 * collected in passing while a scene is read; two dates compared have the same columns, rows and cell size.
 */
export interface Cells {
  columns: number;
  rows: number;
  /** Row-major, columns × rows: 1 where at least half of the cell's pixels were observed. */
  observed: Uint8Array;
  /** One array per band, row-major: mean reflectance (0–1) of the cell's observed pixels; 0 where not observed. */
  bands: Float32Array[];
}

/**
 * Averages the observed pixels of the given bands (indices into raster.bands) over squares of cellPx × cellPx
 * pixels; the last column and row may be cut short.
 */
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
  for (let row = 0, k = 0; row < rows; row++) {
    const cellHeight = Math.min(cellPx, height - row * cellPx);
    for (let column = 0; column < columns; column++, k++) {
      const cellWidth = Math.min(cellPx, width - column * cellPx);
      observed[k] = counts[k] >= 0.5 * cellWidth * cellHeight ? 1 : 0;
    }
  }
  for (const band of bands) for (let k = 0; k < band.length; k++) band[k] = observed[k] === 0 ? 0 : band[k] / counts[k];
  return { columns, rows, bands, observed };
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
export function cellsToPixels(values: Uint8Array, cellPx: number, width: number, height: number): Uint8Array {
  const columns = Math.ceil(width / cellPx);
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cellPx) * columns;
    for (let c = 0; c < columns; c++) {
      const value = values[row + c];
      if (value === 0) continue;
      out.fill(value, y * width + c * cellPx, y * width + Math.min(width, (c + 1) * cellPx));
    }
  }
  return out;
}
