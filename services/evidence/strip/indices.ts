import type { BandRole } from '../../../imagery/scene.ts';

/** What a curve can be drawn of: three indices of reflectance, and what radar throws back, in decibels. */
export const indexNames = ['ndvi', 'ndwi', 'ndbi', 'vv', 'vh', 'hh', 'hv'] as const;
export type IndexName = (typeof indexNames)[number];

/** Bands that they are made of. */
export const indexRoles: readonly BandRole[] = ['B', 'G', 'R', 'N', 'S1', 'VV', 'VH', 'HH', 'HV'];

/** (a − b) / (a + b): vegetation (Rouse 1974), open water (McFeeters 1996), built-up ground (Zha 2003). */
const differences: Partial<Record<IndexName, readonly [a: BandRole, b: BandRole]>> = {
  ndvi: ['N', 'R'],
  ndwi: ['G', 'N'],
  ndbi: ['S1', 'N'],
};
const backscatter: Partial<Record<IndexName, BandRole>> = { vv: 'VV', vh: 'VH', hh: 'HH', hv: 'HV' };

/** Of a place and of the ground round it, on one day. */
export interface IndexValue {
  /** Mean over the pixels seen. */
  mean: number;
  /** Quantiles 0.1 and 0.9 of the ground round it; null where too little of that was seen. */
  around: { low: number; high: number } | null;
}

/** Fewer pixels than this do not say what the ground round a place looks like. */
const leastAround = 60;

/** Pixels of a window, by role, and which of them were seen. */
export interface SeenPixels {
  bands: Partial<Record<BandRole, Float32Array>>;
  seen: Uint8Array;
}

/**
 * Every index that the bands allow, over the place and the ground round it (1 in each mask); an index of which no pixel
 * of the place can be told is left out.
 */
export function indexValues(
  pixels: SeenPixels,
  place: Uint8Array,
  around: Uint8Array,
): Partial<Record<IndexName, IndexValue>> {
  const values: Partial<Record<IndexName, IndexValue>> = {};
  for (const name of indexNames) {
    const image = indexImage(name, pixels);
    if (image === null) continue;
    const inside = picked(image, pixels.seen, place);
    if (inside.length === 0) continue;
    const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
    values[name] = { mean, around: bandOf(picked(image, pixels.seen, around)) };
  }
  return values;
}

/** The index of each pixel, NaN where it has none. */
function indexImage(name: IndexName, { bands, seen }: SeenPixels): Float32Array | null {
  const role = backscatter[name];
  const [a, b] = (differences[name] ?? []).map((one) => bands[one]);
  if (a && b) return a.map((value, i) => (value + b[i] > 0 ? (value - b[i]) / (value + b[i]) : Number.NaN));
  const power = role && bands[role];
  if (!power) return null;
  // A power is never negative: where there are such numbers, they are decibels already.
  const isDecibel = power.some((value, i) => seen[i] === 1 && value < 0);
  return isDecibel ? power : power.map((value) => (value > 0 ? 10 * Math.log10(value) : Number.NaN));
}

function picked(image: Float32Array, seen: Uint8Array, where: Uint8Array): Float32Array {
  return image.filter((value, i) => seen[i] === 1 && where[i] === 1 && !Number.isNaN(value));
}

function bandOf(values: Float32Array): IndexValue['around'] {
  if (values.length < leastAround) return null;
  const sorted = values.toSorted();
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return { low: at(0.1), high: at(0.9) };
}
