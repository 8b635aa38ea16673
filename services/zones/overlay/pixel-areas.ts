import type { PixelRuns } from '../../../detectors/runs.ts';
import { isGeographic } from '../../../imagery/crs.ts';
import { pixelAreaM2 } from '../../../imagery/ellipsoid.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { type WeightedRuns, weightedRuns } from './coverage.ts';

/**
 * Spacing of the places a projected grid's pixel area is calculated at. Bilinear in between it is off by
 * (1 km)² / 8 · 2/R² = 6e-9.
 */
const NODE_M = 1000;

/**
 * Longest piece of a run that is given one pixel area: 1.5° from the meridian 100 m change it by 7e-7, so that a parcel
 * in a corner of a patch has its own area to 4e-7. Of runs across a whole image pieces are longer, or there are too many.
 */
const PIECE_M = 100;
const WIDE_M = 5000;
const WIDE_PIECE_M = 500;

/** Patch follows patch on one grid: its nodes are kept for as long as the grid lives. */
const lattices = new WeakMap<Grid, ReturnType<typeof areaByLattice>>();

/** Runs whose weight is the ellipsoidal area of their pixels in m²; null when the grid is not georeferenced. */
export function runsInM2(runs: PixelRuns, grid: Grid): WeightedRuns | null {
  if (grid.crs === null) return null;
  if (isGeographic(grid.crs)) return weightedRuns(runs, areaByRow(grid));
  const areas = lattices.get(grid) ?? areaByLattice(grid);
  lattices.set(grid, areas);
  const pieceM = longestRun(runs) * grid.pixelWidth > WIDE_M ? WIDE_PIECE_M : PIECE_M;
  return weightedRuns(runs, areas, Math.max(1, Math.round(pieceM / grid.pixelWidth)));
}

function longestRun({ start, end }: PixelRuns): number {
  let longest = 0;
  for (let i = 0; i < start.length; i++) if (end[i] - start[i] > longest) longest = end[i] - start[i];
  return longest;
}

function areaByRow(grid: Grid): (column: number, row: number) => number {
  const areas = new Map<number, number>();
  return (_column, row) => remembered(areas, row, () => pixelAreaM2(grid, 0, row)!);
}

function areaByLattice(grid: Grid): (column: number, row: number) => number {
  const across = Math.max(1, Math.round(NODE_M / grid.pixelWidth));
  const down = Math.max(1, Math.round(NODE_M / Math.abs(grid.pixelHeight)));
  const nodes = new Map<number, number>();
  const node = (i: number, j: number) =>
    remembered(nodes, i * 2 ** 26 + j, () => pixelAreaM2(grid, i * across, j * down)!);
  return (column, row) => {
    const [i, j] = [Math.floor(column / across), Math.floor(row / down)];
    const [s, t] = [column / across - i, row / down - j];
    const upper = (1 - s) * node(i, j) + s * node(i + 1, j);
    const lower = (1 - s) * node(i, j + 1) + s * node(i + 1, j + 1);
    return (1 - t) * upper + t * lower;
  };
}

function remembered<K>(known: Map<K, number>, key: K, calculate: () => number): number {
  const old = known.get(key);
  if (old !== undefined) return old;
  const value = calculate();
  known.set(key, value);
  return value;
}
