import type { Point } from './geometry.ts';
import { type CoarseGrid, coarseAt, type Field, fractal, noiseField, sampleCoarse, smoothstep } from './noise.ts';
import { between, mixKeys, type Random, seeded } from './random.ts';

/** The county's size; one metre is one pixel. */
export interface Extent {
  widthM: number;
  heightM: number;
}

/** What runs along one line of the lattice, or along one piece of a line. */
export type LineKind = 'river' | 'main-road' | 'road' | 'track' | 'dirt-track' | 'ditch' | 'bank';

export interface LatticeLine {
  /** Position in lattice metres: across the columns for u lines, across the rows for v lines. */
  at: number;
  kind: LineKind;
}

/**
 * The bones of the county. Everything man-made follows a lattice of u and v lines in its own plane;
 * one smooth warp bends that plane onto the ground. So roads, river, blocks and parcels are curved, yet
 * never cross where they should not.
 */
export interface Landscape {
  extent: Extent;
  /** Lattice metres to county metres. */
  toGround(u: number, v: number): Point;
  uLines: LatticeLine[];
  vLines: LatticeLine[];
  /** Above FOREST_LINE is wooded hill; lowest by the river. */
  relief: CoarseGrid;
  /** 1 in the old villages' small crooked fields, 0 where land was consolidated into strips. */
  crookedness: Field;
}

export const FOREST_LINE = 0.2;

/** Width in metres of what is drawn, and of the strip kept free of parcels beside it (each side, from the axis). */
export const LINE_WIDTHS: Record<LineKind, { drawnM: number; freeM: number }> = {
  river: { drawnM: 44, freeM: 34 },
  'main-road': { drawnM: 9, freeM: 9 },
  road: { drawnM: 5, freeM: 4.5 },
  track: { drawnM: 3.2, freeM: 2.6 },
  'dirt-track': { drawnM: 2.6, freeM: 2.4 },
  ditch: { drawnM: 1.8, freeM: 1.8 },
  bank: { drawnM: 0, freeM: 0.8 },
};

/** The land surface of one seed; the same for the same seed and extent. */
export function planLandscape(seed: number, extent: Extent): Landscape {
  const toGround = warp(seed, extent);
  const reach = Math.hypot(extent.widthM, extent.heightM) / 2 + 400;
  const uLines = latticeLines(seeded(seed, 'u-lines'), reach, { 'main-road': -0.22 });
  const vLines = latticeLines(seeded(seed, 'v-lines'), reach, { river: -0.17, 'main-road': 0.3 });
  const old = fractal(noiseField(mixKeys(seed, 'crooked')), 2);
  return {
    extent,
    toGround,
    uLines,
    vLines,
    relief: reliefGrid(seed, extent, riverCourse(vLines, toGround, reach)),
    crookedness: (x, y) => smoothstep(-0.25, 0.35, old(x / 900, y / 900)),
  };
}

export function reliefAt(landscape: Landscape, x: number, y: number): number {
  return coarseAt(landscape.relief, x, y);
}

function warp(seed: number, extent: Extent): Landscape['toGround'] {
  const random = seeded(seed, 'turn');
  const turn = between(random, 0.15, 0.4) * (random() < 0.5 ? -1 : 1);
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const wideX = noiseField(mixKeys(seed, 'wide-x'));
  const wideY = noiseField(mixKeys(seed, 'wide-y'));
  const nearX = noiseField(mixKeys(seed, 'near-x'));
  const nearY = noiseField(mixKeys(seed, 'near-y'));
  return (u, v) => {
    const x = extent.widthM / 2 + u * cos - v * sin;
    const y = extent.heightM / 2 + u * sin + v * cos;
    return [
      x + 110 * wideX(x / 1150, y / 1150) + 16 * nearX(x / 260, y / 260),
      y + 110 * wideY(x / 1150, y / 1150) + 16 * nearY(x / 260, y / 260),
    ];
  };
}

/** Lines 140-270 m apart from -reach to reach; named ones where asked (share of reach), a road now and then. */
function latticeLines(random: Random, reachM: number, named: Partial<Record<LineKind, number>>): LatticeLine[] {
  const lines: LatticeLine[] = [];
  for (let at = -reachM; at < reachM; at += between(random, 140, 270)) {
    lines.push({ at, kind: random() < 0.22 ? 'road' : 'bank' });
  }
  for (const [kind, share] of Object.entries(named)) {
    const wanted = share * reachM;
    const line = lines.reduce((best, next) => (Math.abs(next.at - wanted) < Math.abs(best.at - wanted) ? next : best));
    line.kind = kind as LineKind;
  }
  return lines;
}

function riverCourse(vLines: LatticeLine[], toGround: Landscape['toGround'], reachM: number): Point[] {
  const river = vLines.find((line) => line.kind === 'river');
  const course: Point[] = [];
  if (river === undefined) return course;
  for (let u = -reachM; u <= reachM; u += 40) course.push(toGround(u, river.at));
  return course;
}

/** Hills from noise, with a valley cut along the river. */
function reliefGrid(seed: number, extent: Extent, course: Point[]): CoarseGrid {
  const hills = fractal(noiseField(mixKeys(seed, 'hills')), 4);
  return sampleCoarse(extent, 16, 160, (x, y) => {
    let nearest = Infinity;
    for (const [px, py] of course) nearest = Math.min(nearest, (px - x) ** 2 + (py - y) ** 2);
    return hills(x / 1100, y / 1100) - 0.75 * Math.exp(-nearest / (2 * 210 ** 2));
  });
}
