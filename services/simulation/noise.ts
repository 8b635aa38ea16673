import { finish } from './random.ts';

/** A smooth random field over the plane, in [-1, 1], features about one unit apart. */
export type Field = (x: number, y: number) => number;

/** Value noise: random numbers at whole positions, joined by a quintic curve. */
export function noiseField(seed: number): Field {
  const corner = (ix: number, iy: number) =>
    finish(Math.imul(ix, 0x27d4eb2d) ^ Math.imul(iy, 0x165667b1) ^ seed) / 2147483648 - 1;
  return (x, y) => {
    const ix = Math.floor(x);
    const iy = Math.floor(y);
    const u = ease(x - ix);
    const v = ease(y - iy);
    const top = corner(ix, iy) * (1 - u) + corner(ix + 1, iy) * u;
    const bottom = corner(ix, iy + 1) * (1 - u) + corner(ix + 1, iy + 1) * u;
    return top * (1 - v) + bottom * v;
  };
}

/** Octaves of one field, each half as strong and twice as fine; about [-1, 1]. */
export function fractal(field: Field, octaves: number): Field {
  return (x, y) => {
    let sum = 0;
    let weight = 1;
    let total = 0;
    for (let octave = 0; octave < octaves; octave++) {
      // Each octave is moved away, or all of them would meet in a knot at the origin.
      sum += weight * field(x + octave * 37.31, y - octave * 51.77);
      total += weight;
      weight *= 0.5;
      x *= 2.03;
      y *= 2.03;
    }
    return (sum / total) * 1.4;
  };
}

function ease(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}

/** 0 below low, 1 above high, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** A field sampled at cell centres' corners: value (c, r) lies at (originM + c * cellM, originM + r * cellM). */
export interface CoarseGrid {
  columns: number;
  rows: number;
  cellM: number;
  /** Position of column 0 and of row 0, in county metres. */
  originM: number;
  values: Float32Array;
}

/** Samples a function over [-marginM, widthM + marginM] x [-marginM, heightM + marginM]. */
export function sampleCoarse(
  extent: { widthM: number; heightM: number },
  cellM: number,
  marginM: number,
  value: (x: number, y: number) => number,
): CoarseGrid {
  const columns = Math.ceil((extent.widthM + 2 * marginM) / cellM) + 2;
  const rows = Math.ceil((extent.heightM + 2 * marginM) / cellM) + 2;
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] = value(column * cellM - marginM, row * cellM - marginM);
    }
  }
  return { columns, rows, cellM, originM: -marginM, values };
}

/** Bilinear between the grid's points; held at its edges. */
export function coarseAt(grid: CoarseGrid, x: number, y: number): number {
  const c = Math.min(grid.columns - 1.001, Math.max(0, (x - grid.originM) / grid.cellM));
  const r = Math.min(grid.rows - 1.001, Math.max(0, (y - grid.originM) / grid.cellM));
  const column = Math.floor(c);
  const row = Math.floor(r);
  const at = row * grid.columns + column;
  const u = c - column;
  const top = grid.values[at] * (1 - u) + grid.values[at + 1] * u;
  const bottom = grid.values[at + grid.columns] * (1 - u) + grid.values[at + grid.columns + 1] * u;
  return top + (bottom - top) * (r - row);
}
