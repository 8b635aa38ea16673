import type { Grid } from './grid.ts';
import type { SuppliedMask } from './masks/supplied-mask.ts';
import type { SampleType } from './raster.ts';

/**
 * What a band shows: blue, green, red, near infrared, short-wave infrared 1 and 2, panchromatic, SAR polarisations, or
 * X: something else. Less usual: coastal or violet (0.44 µm), yellow (0.61), three red edges (0.70, 0.74, 0.78), narrow
 * near infrared (0.865), thermal, and A: the atmosphere (cirrus, water vapour), which says nothing of the ground.
 */
export const bandRoles = [
  'B',
  'G',
  'R',
  'N',
  'S1',
  'S2',
  'P',
  'VV',
  'VH',
  'HH',
  'HV',
  'C',
  'Y',
  'RE1',
  'RE2',
  'RE3',
  'N2',
  'T',
  'A',
  'X',
] as const;
export type BandRole = (typeof bandRoles)[number];

/** The roles that are radar: backscatter, not reflectance. */
export const sarRoles: readonly BandRole[] = ['VV', 'VH', 'HH', 'HV'];

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
  /** Raw value that means "not observed", said by the file or for it; NaN counts so anyway. */
  nodata: number | null;
  /** From this raw value on a band says only "at least so bright". Null where nobody knows. */
  saturation: number | null;
  /** Null where the numbers are not known to be reflectance: clouds cannot be told there. */
  reflectance: RadiometricScale | null;
  /** What came with the image and says which of it is cloud, shadow or no data. */
  mask: SuppliedMask | null;
  /** Local acquisition date YYYY-MM-DD, or null when nobody said. */
  date: string | null;
  sensor: string | null;
}
