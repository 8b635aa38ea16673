/** (target column, target row) → (source column, source row), counted from the outer corner of the first pixel. */
export type PixelMap = (column: number, row: number) => [number, number];

/**
 * Source coordinates of a target block, exact at the nodes of a coarse lattice and bilinear in between.
 * Node (i, j) is target pixel coordinate (i · step, j · step); source column u and row v lie at [j · columns + i].
 */
export interface Lattice {
  step: number;
  columns: number;
  rows: number;
  u: Float64Array;
  v: Float64Array;
}

/** How far, in source pixels, the lattice may be from the exact transform. */
export const LATTICE_ERROR_PX = 0.05;

/**
 * Coarsest step tried. Between map projections of one area (zones of a Gauss-Krüger grid, UTM, lon/lat) a
 * step of 32 is off by 1e-4 px or less, so halving is for extreme cases: whole-globe grids, high latitudes.
 */
const COARSEST_STEP = 32;

/** A lattice over width × height target pixels, halved until its error at every cell centre is ≤ LATTICE_ERROR_PX. */
export function controlLattice(map: PixelMap, width: number, height: number): Lattice {
  for (let step = COARSEST_STEP; ; step /= 2) {
    const lattice = sample(map, width, height, step);
    if (step === 1 || worstCentreError(map, lattice) <= LATTICE_ERROR_PX) return lattice;
  }
}

function sample(map: PixelMap, width: number, height: number, step: number): Lattice {
  const columns = Math.ceil(width / step) + 1;
  const rows = Math.ceil(height / step) + 1;
  const u = new Float64Array(columns * rows);
  const v = new Float64Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) [u[j * columns + i], v[j * columns + i]] = map(i * step, j * step);
  }
  return { step, columns, rows, u, v };
}

/**
 * The bilinear error of a smooth map is largest at the cell's centre. Cells that have no finite value there
 * or at a corner are outside a projection's domain and come out unobserved, so they do not count.
 */
function worstCentreError(map: PixelMap, { step, columns, rows, u, v }: Lattice): number {
  let worst = 0;
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const k = j * columns + i;
      const [exactU, exactV] = map((i + 0.5) * step, (j + 0.5) * step);
      const du = exactU - (u[k] + u[k + 1] + u[k + columns] + u[k + columns + 1]) / 4;
      const dv = exactV - (v[k] + v[k + 1] + v[k + columns] + v[k + columns + 1]) / 4;
      const error = Math.hypot(du, dv);
      if (error > worst) worst = error;
    }
  }
  return worst;
}

/** Fills u and v with the source coordinates of the pixel centres of one target row. */
export function latticeRow(lattice: Lattice, row: number, u: Float64Array, v: Float64Array): void {
  const { step, columns } = lattice;
  const j = Math.floor((row + 0.5) / step);
  const t = (row + 0.5) / step - j;
  for (let i = 0; i + 1 < columns; i++) {
    const k = j * columns + i;
    const left = lattice.u[k] + t * (lattice.u[k + columns] - lattice.u[k]);
    const leftV = lattice.v[k] + t * (lattice.v[k + columns] - lattice.v[k]);
    const stepU = (lattice.u[k + 1] + t * (lattice.u[k + columns + 1] - lattice.u[k + 1]) - left) / step;
    const stepV = (lattice.v[k + 1] + t * (lattice.v[k + columns + 1] - lattice.v[k + 1]) - leftV) / step;
    const end = Math.min(u.length, (i + 1) * step);
    for (let c = i * step; c < end; c++) {
      const s = c - i * step + 0.5;
      u[c] = left + s * stepU;
      v[c] = leftV + s * stepV;
    }
  }
}
