import type { Spectrum } from './spectra.ts';

/** What breaks up the surface besides noise. */
export type Pattern =
  /** Nothing. */
  | 'none'
  /** Soft stripes along the rows: combine swaths, plough lines. */
  | 'rows'
  /** Beds of different age side by side along the rows. */
  | 'beds'
  /** Closed tree crowns, lit on one side. */
  | 'crowns'
  /** Single trees on a square lattice. */
  | 'lattice'
  /** Joints of poured concrete, sheets of a metal roof. */
  | 'slabs';

export const PATTERNS: readonly Pattern[] = ['none', 'rows', 'beds', 'crowns', 'lattice', 'slabs'];

/**
 * How one surface looks on one date. At each pixel
 *
 *   share       = coverFraction + patchiness * n(8 m) + unevenness * n(50 m) + depth * pattern   in 0-1
 *   reflectance = (ground + (cover - ground) * share) * (1 + grain * n(1 m))
 *
 * n being noise of unit variance at that wavelength.
 */
export interface Paint {
  ground: Spectrum;
  cover: Spectrum;
  coverFraction: number;
  patchiness: number;
  unevenness: number;
  grain: number;
  pattern: Pattern;
  periodM: number;
  /** Direction of the rows, radians from the x axis. */
  angle: number;
  depth: number;
}

/** Numbers per paint in a packed table. */
export const PAINT_STRIDE = 20;

/** Offsets into one packed paint; the spectra take four numbers each. */
export const PACKED = {
  ground: 0,
  change: 4,
  coverFraction: 8,
  patchiness: 9,
  unevenness: 10,
  grain: 11,
  pattern: 12,
  period: 13,
  cos: 14,
  sin: 15,
  depth: 16,
  /** Where in the texture this surface starts, so that no two parcels share a texture. */
  offset: 17,
} as const;

/** Paints as one flat table, for the pixel loop. */
export function packPaints(paints: Paint[]): Float32Array {
  const table = new Float32Array(paints.length * PAINT_STRIDE);
  paints.forEach((paint, slot) => {
    const at = slot * PAINT_STRIDE;
    for (let band = 0; band < 4; band++) {
      table[at + PACKED.ground + band] = paint.ground[band];
      table[at + PACKED.change + band] = paint.cover[band] - paint.ground[band];
    }
    table[at + PACKED.coverFraction] = paint.coverFraction;
    table[at + PACKED.patchiness] = paint.patchiness;
    table[at + PACKED.unevenness] = paint.unevenness;
    table[at + PACKED.grain] = paint.grain;
    table[at + PACKED.pattern] = PATTERNS.indexOf(paint.pattern);
    table[at + PACKED.period] = 1 / paint.periodM;
    table[at + PACKED.cos] = Math.cos(paint.angle);
    table[at + PACKED.sin] = Math.sin(paint.angle);
    table[at + PACKED.depth] = paint.depth;
    table[at + PACKED.offset] = (slot * 40503) % 262144;
  });
  return table;
}
