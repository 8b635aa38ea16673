import type { Samples } from '../raster.ts';

const LARGEST_FLOAT = 3.4028234663852886e38;
/**
 * No measurement is larger, while fill values that nobody declared are (-3.4e38 of Esri's tools), and spoilt ones; their
 * squares would leave the range of a float32. Said in kernels/assembly/observed.ts too.
 */
const LARGEST_SAMPLE = 1e18;

/** The GDAL_NODATA tag: a number as text, or 'nan'. Null = no nodata value. */
export function parseNodata(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const trimmed = text.replaceAll('\0', '').trim();
  if (trimmed === '') return null;
  if (/^[-+]?(nan|1\.#(ind|qnan))/i.test(trimmed)) return Number.NaN;
  const infinite = /^([-+]?)inf/i.exec(trimmed);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  // As GDAL has it: the number a text begins with (some writers list one per band), and 0 for 'none' and the like.
  const value = Number.parseFloat(trimmed);
  return Number.isNaN(value) ? 0 : value;
}

/** Clears mask where a band's raw sample is nodata, or no number that can have been measured. */
export function maskNodata(band: Samples, nodata: number | null, mask: Uint8Array): void {
  const isFloat = band instanceof Float32Array || band instanceof Float64Array;
  if (isFloat) {
    const missing = band instanceof Float32Array ? nearestFloat(nodata) : nodata;
    for (let i = 0; i < band.length; i++)
      if (band[i] === missing || !(Math.abs(band[i]) <= LARGEST_SAMPLE)) mask[i] = 0;
  } else if (nodata !== null) {
    for (let i = 0; i < band.length; i++) if (band[i] === nodata) mask[i] = 0;
  }
}

/** The float32 a decimal text stands for; -3.40282347e+38 and its like round beyond the range. */
export function nearestFloat(nodata: number | null): number | null {
  if (nodata === null || !Number.isFinite(nodata)) return nodata;
  const nearest = Math.fround(nodata);
  return Number.isFinite(nearest) ? nearest : Math.sign(nodata) * LARGEST_FLOAT;
}
