import { chanceAt, normalAt } from './chance.ts';

/** Points of a line: lon, lat, lon, lat, … in degrees. */
export type Path = number[];

/**
 * A lattice bent over a prefecture like Hengyang: `columns` × `rows` cells (parcels), rows counted northwards.
 * Neighbours share the very points of their common edge, for both ask for the same one.
 */
export interface Lattice {
  columns: number;
  rows: number;
  /** From corner (i, j) to (i + 1, j), both ends with it and one to three points between. */
  east(i: number, j: number): Path;
  /** From corner (i, j) to (i, j + 1). */
  north(i: number, j: number): Path;
  /** Where the place (u, v), each 0–1 over the prefecture, lies: lon, lat. */
  place(u: number, v: number): [number, number];
}

/** Long and narrow, as wide as it is to fill lon 110.5–113.3, lat 26.1–27.5 slantwise: about 15,300 km². */
const LENGTH_TO_WIDTH = 5;
const SEED = 20260401;
/** Of the nearest neighbour's distance: far enough from a half that no edges cross. */
const CORNER_JITTER = 0.18;
const EDGE_JITTER = 0.05;

export function latticeOf(parcels: number): Lattice {
  const rows = divisorNear(parcels, Math.sqrt(parcels / LENGTH_TO_WIDTH));
  const columns = parcels / rows;
  const us = unevenSteps(columns, 1);
  const vs = unevenSteps(rows, 2);
  const room = (steps: Float64Array, k: number) =>
    k === 0 || k === steps.length - 1 ? 0 : Math.min(steps[k] - steps[k - 1], steps[k + 1] - steps[k]);
  const corner = (i: number, j: number): [number, number] => [
    us[i] + CORNER_JITTER * (2 * chanceAt(SEED, i, j, 3) - 1) * room(us, i),
    vs[j] + CORNER_JITTER * (2 * chanceAt(SEED, i, j, 4) - 1) * room(vs, j),
  ];
  const path = (i: number, j: number, way: 0 | 1): Path => {
    const [a, b] = [corner(i, j), corner(i + 1 - way, j + way)];
    const between = 1 + Math.floor(3 * chanceAt(SEED, i, j, 5 + way));
    const sway = EDGE_JITTER * (way === 0 ? room(vs, j) : room(us, i));
    const points: Path = [...place(...a)];
    for (let k = 1; k <= between; k++) {
      const t = k / (between + 1);
      const aside = sway * (2 * chanceAt(SEED, i, j, 10 + 4 * way + k) - 1);
      const [u, v] = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
      points.push(...(way === 0 ? place(u, v + aside) : place(u + aside, v)));
    }
    points.push(...place(...b));
    return points;
  };
  return { columns, rows, east: (i, j) => path(i, j, 0), north: (i, j) => path(i, j, 1), place };
}

/** A closed ring of lattice corners [i, j] as the points along the cells' edges; the first point is repeated. */
export function alongLattice(lattice: Lattice, ring: readonly (readonly [number, number])[]): Path {
  const points: Path = [];
  const walk = (path: Path) => {
    for (let k = 0; k < path.length - 2; k++) points.push(path[k]);
  };
  for (let k = 1; k < ring.length; k++) {
    const [[i0, j0], [i1, j1]] = [ring[k - 1], ring[k]];
    for (let i = i0; i < i1; i++) walk(lattice.east(i, j0));
    for (let i = i0; i > i1; i--) walk(reversed(lattice.east(i - 1, j0)));
    for (let j = j0; j < j1; j++) walk(lattice.north(i0, j));
    for (let j = j0; j > j1; j--) walk(reversed(lattice.north(i0, j - 1)));
  }
  points.push(points[0], points[1]);
  return points;
}

export function reversed(path: Path): Path {
  const back: Path = [];
  for (let k = path.length - 2; k >= 0; k -= 2) back.push(path[k], path[k + 1]);
  return back;
}

function place(u: number, v: number): [number, number] {
  const wave = 0.02 * Math.sin(5 * Math.PI * u);
  return [110.5 + 2.8 * u, 26.1 + 0.9 * u + 0.5 * v + wave * Math.sin(Math.PI * v)];
}

/** 0 … 1 in `count` steps whose sizes differ as those of fields do. */
function unevenSteps(count: number, which: number): Float64Array {
  const steps = new Float64Array(count + 1);
  for (let k = 0; k < count; k++) steps[k + 1] = steps[k] + Math.exp(0.45 * normalAt(SEED, k, which));
  return steps.map((step) => step / steps[count]);
}

function divisorNear(number: number, wanted: number): number {
  let best = 1;
  for (let d = 1; d * d <= number; d++) {
    if (number % d !== 0) continue;
    for (const one of [d, number / d]) {
      if (Math.abs(Math.log(one / wanted)) < Math.abs(Math.log(best / wanted))) best = one;
    }
  }
  return best;
}
