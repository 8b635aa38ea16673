import type { Grid } from './grid.ts';
import type { SampleType } from './raster.ts';

/**
 * What a band shows: blue, green, red, near infrared, short-wave infrared 1 and 2, panchromatic,
 * SAR polarisations, or X: something else.
 */
export const bandRoles = ['B', 'G', 'R', 'N', 'S1', 'S2', 'P', 'VV', 'VH', 'X'] as const;
export type BandRole = (typeof bandRoles)[number];

/** How the numbers of a file become reflectance 0-1: reflectance = raw * scale + offset. */
export interface RadiometricScale {
  scale: number;
  offset: number;
}

/** One image of one acquisition, as far as the pixels need to know it. */
export interface Scene {
  /** First 16 hex digits of sha256: the same bytes are the same scene. */
  id: string;
  sha256: string;
  path: string;
  grid: Grid;
  bandCount: number;
  sampleType: SampleType;
  bands: BandRole[];
  /** Null where the numbers are not known to be reflectance: clouds cannot be told there. */
  reflectance: RadiometricScale | null;
  /** Local acquisition date YYYY-MM-DD, or null when nobody said. */
  date: string | null;
  sensor: string | null;
}
