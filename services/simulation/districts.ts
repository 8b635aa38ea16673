import type { Point, Ring } from './geometry.ts';
import type { Extent } from './landscape.ts';
import { type Field, noiseField } from './noise.ts';
import { mixKeys } from './random.ts';

export interface District {
  /** Six digits, in the form of real ones; the name says that the district is simulated. */
  code: string;
  name: string;
  ring: Ring;
}

/** Two wandering border lines that cross once and part the county into four. */
export interface Borders {
  /** x of the north-south border at y. */
  meridianX(y: number): number;
  /** y of the east-west border at x. */
  parallelY(x: number): number;
}

// North-west, north-east, south-west, south-east.
const NAMES = [
  ['430421', '模拟县甲'],
  ['430422', '模拟县乙'],
  ['430423', '模拟县丙'],
  ['430424', '模拟县丁'],
] as const;

const STEP_M = 64;

export function planBorders(seed: number, extent: Extent): Borders {
  const across: Field = noiseField(mixKeys(seed, 'meridian'));
  const down: Field = noiseField(mixKeys(seed, 'parallel'));
  // A wander of 5 % of the county on a 700 m wave: slopes stay well under 1, so the lines meet once.
  return {
    meridianX: (y) => extent.widthM * 0.515 + 0.05 * extent.widthM * across(y / 700, 0.5),
    parallelY: (x) => extent.heightM * 0.49 + 0.05 * extent.heightM * down(x / 700, 0.5),
  };
}

export function districtCodeAt(borders: Borders, x: number, y: number): string {
  const east = x >= borders.meridianX(y) ? 1 : 0;
  const south = y >= borders.parallelY(x) ? 2 : 0;
  return NAMES[east + south][0];
}

/** Four districts that share their border points exactly and fill the county without a gap. */
export function planDistricts(borders: Borders, extent: Extent): District[] {
  const { widthM, heightM } = extent;
  const crossing = crossingOf(borders, extent);
  const north = walk(0, crossing[1]).map((y): Point => [borders.meridianX(y), y]);
  const south = walk(heightM, crossing[1]).map((y): Point => [borders.meridianX(y), y]);
  const west = walk(0, crossing[0]).map((x): Point => [x, borders.parallelY(x)]);
  const east = walk(widthM, crossing[0]).map((x): Point => [x, borders.parallelY(x)]);
  const quarter = (corner: Point, out: Point[], back: Point[]): Ring => [
    corner,
    ...edge(corner, out[0]),
    ...out,
    crossing,
    ...[...back].reverse(),
    ...edge(back[0], corner),
  ];
  const rings = [
    quarter([0, 0], north, west),
    quarter([widthM, 0], east, north),
    quarter([0, heightM], west, south),
    quarter([widthM, heightM], south, east),
  ];
  return NAMES.map(([code, name], i) => ({ code, name, ring: rings[i] }));
}

function crossingOf(borders: Borders, extent: Extent): Point {
  let x = extent.widthM / 2;
  let y = extent.heightM / 2;
  for (let i = 0; i < 50; i++) {
    x = borders.meridianX(y);
    y = borders.parallelY(x);
  }
  return [x, y];
}

/** Positions from `from` towards `to`, without `to`. */
function walk(from: number, to: number): number[] {
  const steps = Math.ceil(Math.abs(to - from) / STEP_M);
  return Array.from({ length: steps }, (_, i) => from + ((to - from) * i) / steps);
}

/** The county's straight edge between two points, every 64 m and without its ends: straight on the map, not in degrees. */
function edge(from: Point, to: Point): Point[] {
  const steps = Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / STEP_M);
  return Array.from({ length: Math.max(0, steps - 1) }, (_, i): Point => {
    const share = (i + 1) / steps;
    return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
  });
}
