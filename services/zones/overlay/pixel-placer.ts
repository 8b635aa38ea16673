import { fromLonLat, isGeographic } from '../../../imagery/crs.ts';
import type { Grid } from '../../../imagery/grid.ts';

/**
 * Where a longitude and latitude lie on a grid, in pixels, by the million. A projection costs half a microsecond a
 * point; over a block of 0.05° it is a polynomial of third degree to 1e-8 m, which costs a twentieth of that. Blocks
 * are the grid's own, so that a point lies at one place whichever patch or zone asks.
 */
const BLOCK_DEGREES = 0.05;

/** What the polynomial may be off by, in metres, where it is worst; else each point of the block is projected. */
const TOLERANCE_M = 1e-7;

/** Chebyshev's four nodes on -1 .. 1, and places between and beyond them where the error is largest. */
const NODES = [0, 1, 2, 3].map((k) => -Math.cos(((2 * k + 1) * Math.PI) / 8));
const WORST: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 1],
  [-1, Math.SQRT1_2],
  [Math.SQRT1_2, -1],
];

/** 16 coefficients of the column, then of the row, about the block's middle; null: project point by point. */
type Block = Float64Array | null;

const placers = new WeakMap<Grid, PixelPlacer>();

/** The placer of a grid, which keeps its blocks: patch follows patch on one grid. @throws ImageryError crs-unknown */
export function pixelPlacer(grid: Grid): PixelPlacer {
  const known = placers.get(grid);
  if (known) return known;
  const placer = new PixelPlacer(grid);
  placers.set(grid, placer);
  return placer;
}

export class PixelPlacer {
  /** True where edges that are straight in lon/lat are straight on the grid, too. */
  readonly straight: boolean;
  readonly #grid: Grid;
  readonly #project: (lon: number, lat: number) => [number, number];
  readonly #blocks = new Map<number, Block>();
  /** The block that the last point lay in. */
  #column = Number.NaN;
  #row = Number.NaN;
  #block: Block = null;

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#project = fromLonLat(grid.crs!);
    this.straight = isGeographic(grid.crs!);
  }

  /** Writes column and row (pixel (c, r) is the square c..c+1, r..r+1) of a point to to[at], to[at + 1]. */
  place(lon: number, lat: number, to: Float64Array, at: number): void {
    if (this.straight) {
      const { originX, originY, pixelWidth, pixelHeight } = this.#grid;
      to[at] = (lon - originX) / pixelWidth;
      to[at + 1] = (lat - originY) / pixelHeight;
      return;
    }
    const across = lon / BLOCK_DEGREES;
    const down = lat / BLOCK_DEGREES;
    const column = Math.floor(across);
    const row = Math.floor(down);
    if (column !== this.#column || row !== this.#row) this.#enter(column, row);
    const block = this.#block;
    if (block === null) {
      this.#exact(lon, lat, to, at);
      return;
    }
    const s = 2 * (across - column) - 1;
    const t = 2 * (down - row) - 1;
    to[at] = polynomial(block, 0, s, t);
    to[at + 1] = polynomial(block, 16, s, t);
  }

  #exact(lon: number, lat: number, to: Float64Array, at: number): void {
    const { originX, originY, pixelWidth, pixelHeight } = this.#grid;
    const [x, y] = this.#project(lon, lat);
    to[at] = (x - originX) / pixelWidth;
    to[at + 1] = (y - originY) / pixelHeight;
  }

  #enter(column: number, row: number): void {
    // There are 7,200 columns and 3,600 rows of blocks on the Earth.
    const key = column * 2 ** 16 + row;
    let block = this.#blocks.get(key);
    if (block === undefined) {
      block = this.#fitted(column, row);
      this.#blocks.set(key, block);
    }
    this.#column = column;
    this.#row = row;
    this.#block = block;
  }

  #fitted(column: number, row: number): Block {
    const point = new Float64Array(2);
    const at = (s: number, t: number) => {
      this.#exact((column + (s + 1) / 2) * BLOCK_DEGREES, (row + (t + 1) / 2) * BLOCK_DEGREES, point, 0);
      return [point[0], point[1]] as const;
    };
    const nodes = NODES.map((t) => NODES.map((s) => at(s, t)));
    const block = Float64Array.from([0, 1].flatMap((which) => throughNodes(nodes.map((l) => l.map((p) => p[which])))));
    const tolerance = TOLERANCE_M / Math.min(this.#grid.pixelWidth, Math.abs(this.#grid.pixelHeight));
    const good = WORST.every(([s, t]) => {
      const [x, y] = at(s, t);
      // Not-a-number fails the test, too.
      return (
        Math.abs(polynomial(block, 0, s, t) - x) <= tolerance && Math.abs(polynomial(block, 16, s, t) - y) <= tolerance
      );
    });
    return good ? block : null;
  }
}

/** Σ c[4j + i] sⁱ tʲ, i and j to 3. */
function polynomial(c: Float64Array, from: number, s: number, t: number): number {
  const line0 = s * (c[from + 1] + s * (c[from + 2] + s * c[from + 3]));
  const line1 = c[from + 4] + s * (c[from + 5] + s * (c[from + 6] + s * c[from + 7]));
  const line2 = c[from + 8] + s * (c[from + 9] + s * (c[from + 10] + s * c[from + 11]));
  const line3 = c[from + 12] + s * (c[from + 13] + s * (c[from + 14] + s * c[from + 15]));
  // The constant comes last: it is the largest, and its digits are the result's.
  return c[from] + (line0 + t * (line1 + t * (line2 + t * line3)));
}

/** Coefficients of the polynomial with these values at the nodes (rows: t, columns: s). */
function throughNodes(values: number[][]): number[] {
  const lines = values.map(cubicThrough);
  const down = [0, 1, 2, 3].map((i) => cubicThrough(lines.map((line) => line[i])));
  return [0, 1, 2, 3].flatMap((j) => [0, 1, 2, 3].map((i) => down[i][j]));
}

/** Newton's divided differences, multiplied out. The largest value is taken off first: differences keep their digits. */
function cubicThrough(values: number[]): number[] {
  const base = values[0];
  const d = values.map((value) => value - base);
  for (let order = 1; order < 4; order++)
    for (let k = 3; k >= order; k--) d[k] = (d[k] - d[k - 1]) / (NODES[k] - NODES[k - order]);
  const c = [d[3], 0, 0, 0];
  for (let k = 2; k >= 0; k--) {
    for (let i = 3; i > 0; i--) c[i] = c[i - 1] - NODES[k] * c[i];
    c[0] = d[k] - NODES[k] * c[0];
  }
  c[0] += base;
  return c;
}
