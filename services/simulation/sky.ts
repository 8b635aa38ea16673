import { type Acquisition, BASELINE_MONTH, MONTHS, sunOn } from './acquisitions.ts';
import type { Extent } from './landscape.ts';
import { type CoarseGrid, coarseAt, fractal, noiseField, sampleCoarse, smoothstep } from './noise.ts';
import { between, mixKeys, type Random, seeded } from './random.ts';

/** What hung over one strip on one day. */
export interface Sky {
  /** 0 nothing to 1 opaque. */
  opacity: CoarseGrid;
  /** From a cloud to its shadow, county metres. */
  shadowOffset: { dx: number; dy: number };
  /** Thin haze, 0-1, everywhere a little: never hides the ground. */
  haze: CoarseGrid;
}

/** Share of the county under thick cloud; shadows and edges come on top of it. */
const CLOUD_SHARES: Record<string, [low: number, high: number]> = {
  [MONTHS[0]]: [0.06, 0.09],
  [MONTHS[1]]: [0.07, 0.1],
  '2025-05': [0.06, 0.09],
  '2025-06': [0.07, 0.1],
};

/** A pixel counts as seen below these: more than this and no crop could be told from a roof. */
const HIDING_OPACITY = 0.3;
const HIDING_SHADOW = 0.45;

const CELL_M = 12;
/** Clouds outside the county still throw shadows into it. */
const MARGIN_M = 600;

/** The sky of one pass; null where it was clear and clean. Months with cloud: the first two; of a whole year the plum rains. */
export function planSky(seed: number, extent: Extent, pass: Pick<Acquisition, 'month' | 'strip' | 'date'>): Sky | null {
  const random = seeded(seed, 'sky', pass.month, pass.strip);
  const share = CLOUD_SHARES[pass.month];
  const hazy = between(random, 0, pass.month === BASELINE_MONTH ? 0.05 : 0.14);
  if (share === undefined && hazy < 0.04) return null;
  const veil = fractal(noiseField(mixKeys(seed, 'haze', pass.month, pass.strip)), 2);
  const sun = sunOn(pass.date);
  const baseM = between(random, 520, 900);
  return {
    opacity: cloudGrid(random, mixKeys(seed, 'cloud', pass.month, pass.strip), extent, share),
    shadowOffset: { dx: sun.shadowX * sun.reach * baseM, dy: sun.shadowY * sun.reach * baseM },
    haze: sampleCoarse(extent, 60, 0, (x, y) => hazy * Math.max(0, 0.4 + 0.6 * veil(x / 1400, y / 1400))),
  };
}

/** Cumulus: the highest part of a noise field, thick inside and thin at its edge. */
function cloudGrid(random: Random, fieldSeed: number, extent: Extent, range: [number, number] | undefined): CoarseGrid {
  if (range === undefined) return sampleCoarse(extent, 4000, MARGIN_M, () => 0);
  const share = between(random, ...range);
  const lumps = fractal(noiseField(fieldSeed), 5);
  const thickness = noiseField(fieldSeed ^ 0x5f3759df);
  const grid = sampleCoarse(extent, CELL_M, MARGIN_M, (x, y) => lumps(x / 400, y / 400));
  const edge = highestShare(grid, extent, share);
  grid.values.forEach((value, i) => {
    const x = (i % grid.columns) * CELL_M;
    const y = Math.floor(i / grid.columns) * CELL_M;
    // Some clouds are only a veil.
    const thick = 0.5 + 0.5 * smoothstep(-0.6, -0.1, thickness(x / 700, y / 700));
    grid.values[i] = thick * smoothstep(edge - 0.09, edge + 0.13, value);
  });
  return grid;
}

/** The value that a share of the county's own cells lies above. */
function highestShare(grid: CoarseGrid, extent: Extent, share: number): number {
  const inside: number[] = [];
  for (let y = 0; y < extent.heightM; y += grid.cellM) {
    for (let x = 0; x < extent.widthM; x += grid.cellM) inside.push(coarseAt(grid, x, y));
  }
  const sorted = Float32Array.from(inside).sort();
  return sorted[Math.floor(sorted.length * (1 - share))];
}

export function opacityAt(sky: Sky, x: number, y: number): number {
  return coarseAt(sky.opacity, x, y);
}

/** How much direct light clouds take from this spot, 0-1. */
export function shadowAt(sky: Sky, x: number, y: number): number {
  return coarseAt(sky.opacity, x - sky.shadowOffset.dx, y - sky.shadowOffset.dy);
}

/** Whether the ground could be made out here. */
export function seenThrough(sky: Sky | null, x: number, y: number): boolean {
  return sky === null || (opacityAt(sky, x, y) < HIDING_OPACITY && shadowAt(sky, x, y) < HIDING_SHADOW);
}
