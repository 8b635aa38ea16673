import { isGeographic, toLonLat } from '../../imagery/crs.ts';
import type { Grid } from '../../imagery/grid.ts';

/**
 * Longitude and latitude of pixel corners by the hundred thousand. A projection costs half a microsecond a point;
 * over 250 m of ground it is a polynomial of second degree to 1e-13 degrees. So the grid is cut into blocks, and
 * the polynomial through three by three nodes of a block stands for the projection there. Where it does not (the
 * date line, a pole, far from the meridian of a transverse Mercator), each point is projected by itself.
 */
const blockM = 250;
/** A block under so many pixels a side would save no projections. */
const leastBlockPx = 32;
/** A block is as large as this where pixels are coarse: 1e-11 degrees. */
const mostBlockM = 1000;
/** What the polynomial may be off by, in degrees, at the place between nodes where it is worst: a micrometre. */
const toleranceDegrees = 1e-11;
/** Where, in half blocks from the middle, t (t² - 1) is largest. */
const worst = 1 / Math.sqrt(3);

type Project = (x: number, y: number) => [number, number];

/** Nine coefficients of longitude, then of latitude, about the block's middle; null: project point by point. */
type Block = Float64Array | null;

const placers = new WeakMap<Grid, CornerPlacer>();

/** The placer of a grid, which keeps its blocks: patch follows patch on one grid. @throws ImageryError crs-unknown */
export function cornerPlacer(grid: Grid): CornerPlacer {
  const known = placers.get(grid);
  if (known) return known;
  const placer = new CornerPlacer(grid);
  placers.set(grid, placer);
  return placer;
}

export class CornerPlacer {
  readonly #grid: Grid;
  readonly #project: Project;
  /** Side of a block in pixels; 0: no blocks. */
  readonly #side: number;
  readonly #blocks = new Map<number, Block>();

  constructor(grid: Grid) {
    this.#grid = grid;
    const crs = grid.crs ?? 'EPSG:4326';
    this.#project = toLonLat(crs);
    this.#side = isGeographic(crs) ? 0 : blockSide(grid);
  }

  /** [lon, lat, lon, lat, …] in degrees of the points [column, row, column, row, …], which may be fractional. */
  place(points: ArrayLike<number>): Float64Array {
    const placed = new Float64Array(points.length);
    const side = this.#side;
    let blockColumn = Number.NaN;
    let blockRow = Number.NaN;
    let block: Block = null;
    for (let i = 0; i < points.length; i += 2) {
      // In blocks; without them everything lies in one that is not fitted.
      const across = side > 0 ? points[i] / side : 0;
      const down = side > 0 ? points[i + 1] / side : 0;
      if (Math.floor(across) !== blockColumn || Math.floor(down) !== blockRow) {
        blockColumn = Math.floor(across);
        blockRow = Math.floor(down);
        block = side > 0 ? this.#block(blockColumn, blockRow) : null;
      }
      if (block === null) {
        const [lon, lat] = this.#exact(points[i], points[i + 1]);
        placed[i] = lon;
        placed[i + 1] = lat;
      } else {
        const s = 2 * (across - blockColumn) - 1;
        const t = 2 * (down - blockRow) - 1;
        placed[i] = polynomial(block, 0, s, t);
        placed[i + 1] = polynomial(block, 9, s, t);
      }
    }
    return placed;
  }

  #exact(column: number, row: number): [number, number] {
    const { originX, originY, pixelWidth, pixelHeight } = this.#grid;
    return this.#project(originX + column * pixelWidth, originY + row * pixelHeight);
  }

  #block(column: number, row: number): Block {
    // Patches lie on the image, so rows and columns of blocks stay far below 2²⁶.
    const key = column * 2 ** 26 + row;
    let block = this.#blocks.get(key);
    if (block === undefined) {
      block = this.#fitted(column, row);
      this.#blocks.set(key, block);
    }
    return block;
  }

  #fitted(column: number, row: number): Block {
    const half = this.#side / 2;
    const at = (s: number, t: number) => this.#exact((2 * column + 1 + s) * half, (2 * row + 1 + t) * half);
    const nodes = [-1, 0, 1].map((t) => [-1, 0, 1].map((s) => at(s, t)));
    const block = Float64Array.from(
      [0, 1].flatMap((which) => throughNodes(nodes.map((line) => line.map((p) => p[which])))),
    );
    const [lon, lat] = at(worst, worst);
    const off = Math.max(
      Math.abs(polynomial(block, 0, worst, worst) - lon),
      Math.abs(polynomial(block, 9, worst, worst) - lat),
    );
    // Not-a-number fails the test, too.
    return off <= toleranceDegrees ? block : null;
  }
}

function blockSide({ pixelWidth, pixelHeight }: Grid): number {
  const pixelM = Math.max(pixelWidth, Math.abs(pixelHeight));
  const side = Math.max(leastBlockPx, Math.floor(blockM / pixelM));
  return side * pixelM <= mostBlockM ? side : 0;
}

/** Σ c[3j + i] sⁱ tʲ, i and j to 2. */
function polynomial(c: Float64Array, from: number, s: number, t: number): number {
  const line0 = s * (c[from + 1] + s * c[from + 2]);
  const line1 = c[from + 3] + s * (c[from + 4] + s * c[from + 5]);
  const line2 = c[from + 6] + s * (c[from + 7] + s * c[from + 8]);
  // The constant comes last: it is 1e4 times the rest, and its digits are the result's.
  return c[from] + (line0 + t * (line1 + t * line2));
}

/** Coefficients of the polynomial with these values at t = -1, 0, 1 (rows) and s = -1, 0, 1. */
function throughNodes(values: number[][]): number[] {
  const along = ([a, b, c]: number[]) => [b, (c - a) / 2, (c - b - (b - a)) / 2];
  const lines = values.map(along);
  const down = [0, 1, 2].map((i) => along(lines.map((line) => line[i])));
  return [0, 1, 2].flatMap((j) => [0, 1, 2].map((i) => down[i][j]));
}
