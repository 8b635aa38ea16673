import type { CellSums } from '../../imagery/cloud/cell-sums.ts';
import type { Cells } from '../../imagery/cloud/cells.ts';
import { CLOUD, cellSizePx, findPairCloudCells, SHADOW, THIN } from '../../imagery/cloud/find.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { cloudsCanBeTold } from './cloud-mask.ts';

/** Bands that clouds are told by, in the order in which their sums come. */
export const cloudBands: readonly BandRole[] = ['B', 'G', 'R', 'N'];

/** Most cells of a scene judged as finely as can be. */
const finelyJudgedCells = 200_000;
/** Most cells judged at a time. */
const mostCells = 400_000;
/** A scene with more cells than that is judged on cells up to this wide, and in pieces if they are still too many. */
const widestCellM = 24;
/** What a piece is judged by, beyond its own rows. */
const contextM = 600;

/** How large the cells are on which clouds are looked for in all of a pair; null where they cannot be told. */
export function cloudCells(
  grid: Grid,
  before: Scene,
  after: Scene,
  roles: readonly BandRole[],
): { cellPx: number; cellM: number } | null {
  const size = groundPixelSizeM(grid);
  if (size === null || !cloudsCanBeTold(before, roles) || !cloudsCanBeTold(after, roles)) return null;
  if (before.mask !== null && after.mask !== null) return null;
  const pixelM = Math.sqrt(size.x * size.y);
  const fewEnough = Math.ceil(Math.sqrt((grid.width * grid.height) / finelyJudgedCells));
  const widest = Math.max(1, Math.floor(widestCellM / pixelM));
  const cellPx = Math.max(cellSizePx(pixelM), Math.min(fewEnough, widest));
  return { cellPx, cellM: cellPx * pixelM };
}

/** Where cloud or shadow hides a pair's ground on either date. */
export interface HiddenGround {
  cellPx: number;
  columns: number;
  /** 1 where hidden; empty where nothing is. */
  cells: Uint8Array;
  /** 1 at a cloud's edge, where the ground is seen through a thin veil; empty where nothing is hidden. */
  edges: Uint8Array;
  /** Pixels in hidden cells that both dates' files show. */
  pixels: number;
}

/**
 * Looks for clouds and shadows in the cell sums of strips, as they come from top to bottom. What has been judged is
 * let go of, so that memory does not grow with the scene but for a byte per cell.
 */
export class CloudScan {
  readonly #grid: Grid;
  readonly #cellPx: number;
  readonly #cellM: number;
  readonly #scenes: { before: Scene; after: Scene };
  readonly #columns: number;
  readonly #rows: number;
  readonly #hidden: Uint8Array;
  readonly #edges: Uint8Array;
  #strips: CellSums[] = [];
  #judged = 0;
  #pixels = 0;

  constructor(grid: Grid, { cellPx, cellM }: { cellPx: number; cellM: number }, before: Scene, after: Scene) {
    this.#grid = grid;
    this.#cellPx = cellPx;
    this.#cellM = cellM;
    this.#scenes = { before, after };
    this.#columns = Math.ceil(grid.width / cellPx);
    this.#rows = Math.ceil(grid.height / cellPx);
    this.#hidden = new Uint8Array(this.#columns * this.#rows);
    this.#edges = new Uint8Array(this.#columns * this.#rows);
  }

  /** Takes the sums of the next strip, which ends before row `endRow` of the grid. */
  add(strip: CellSums, endRow: number): void {
    this.#strips.push(strip);
    const isLast = endRow >= this.#grid.height;
    const known = isLast ? this.#rows : Math.floor(endRow / this.#cellPx);
    const context = Math.ceil(contextM / this.#cellM);
    const atOnce = Math.max(context, Math.floor(mostCells / this.#columns) - 2 * context);
    const whole = this.#rows <= atOnce + 2 * context;
    while (this.#judged < this.#rows) {
      const end = whole ? this.#rows : Math.min(this.#rows, this.#judged + atOnce);
      if (Math.min(this.#rows, end + context) > known) return;
      this.#judge(this.#judged, end, context);
      this.#judged = end;
      this.#strips = this.#strips.filter(({ firstRow, rows }) => firstRow + rows > end - context);
    }
  }

  result(): HiddenGround {
    const found = this.#pixels > 0;
    const cells = found ? this.#hidden : new Uint8Array(0);
    const edges = found ? this.#edges : cells;
    return { cellPx: this.#cellPx, columns: this.#columns, cells, edges, pixels: this.#pixels };
  }

  #judge(from: number, to: number, context: number): void {
    const first = Math.max(0, from - context);
    const end = Math.min(this.#rows, to + context);
    const counts = this.#assembled(first, end, 2, (strip) => strip.counts);
    const sums = this.#assembled(first, end, 2 * cloudBands.length, (strip) => strip.sums);
    const { before, after } = this.#scenes;
    const dates = [before, after].map((scene, i) =>
      this.#cells(first, end, sums.slice(4 * i, 4 * i + 4), counts[i], scene),
    );
    const marks = findPairCloudCells(dates[0], dates[1], cloudBands, this.#cellM);
    const columns = this.#columns;
    for (let k = from * columns; k < to * columns; k++) {
      const i = k - first * columns;
      const isHidden =
        (before.mask === null && hides(marks.before[i])) || (after.mask === null && hides(marks.after[i]));
      if (!isHidden) {
        if (marks.before[i] === THIN || marks.after[i] === THIN) this.#edges[k] = 1;
        continue;
      }
      this.#hidden[k] = 1;
      this.#pixels += Math.min(counts[0][i], counts[1][i]);
    }
  }

  /** Sums of some rows, added up over the strips that have a part in them. */
  #assembled(first: number, end: number, planes: number, pick: (strip: CellSums) => Float32Array): Float32Array[] {
    const columns = this.#columns;
    return Array.from({ length: planes }, (_, plane) => {
      const all = new Float32Array((end - first) * columns);
      for (const strip of this.#strips) {
        const values = pick(strip);
        const from = Math.max(first, strip.firstRow);
        const to = Math.min(end, strip.firstRow + strip.rows);
        const skip = (plane * strip.rows + from - strip.firstRow) * columns;
        const at = (from - first) * columns;
        for (let k = 0; k < (to - from) * columns; k++) all[at + k] += values[skip + k];
      }
      return all;
    });
  }

  #cells(first: number, end: number, sums: Float32Array[], counts: Float32Array, { reflectance }: Scene): Cells {
    const columns = this.#columns;
    const { scale, offset } = reflectance ?? { scale: 1, offset: 0 };
    const observed = new Uint8Array(counts.length);
    for (let row = first, k = 0; row < end; row++) {
      const height = Math.min(this.#cellPx, this.#grid.height - row * this.#cellPx);
      for (let column = 0; column < columns; column++, k++) {
        const width = Math.min(this.#cellPx, this.#grid.width - column * this.#cellPx);
        observed[k] = counts[k] >= 0.5 * width * height ? 1 : 0;
      }
    }
    for (const band of sums) {
      for (let k = 0; k < band.length; k++) band[k] = observed[k] === 1 ? (band[k] / counts[k]) * scale + offset : 0;
    }
    return { columns, rows: end - first, observed, bands: sums };
  }
}

function hides(mark: number): boolean {
  return mark === CLOUD || mark === SHADOW;
}
