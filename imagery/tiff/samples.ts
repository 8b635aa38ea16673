import type { Samples, SampleType } from '../raster.ts';

/** How each sample type is told in a TIFF: BitsPerSample, and SampleFormat (1 unsigned, 2 signed, 3 float). */
export const SAMPLE_TYPES = {
  uint8: { bits: 8, format: 1, array: Uint8Array },
  int8: { bits: 8, format: 2, array: Int8Array },
  uint16: { bits: 16, format: 1, array: Uint16Array },
  int16: { bits: 16, format: 2, array: Int16Array },
  uint32: { bits: 32, format: 1, array: Uint32Array },
  int32: { bits: 32, format: 2, array: Int32Array },
  float32: { bits: 32, format: 3, array: Float32Array },
  float64: { bits: 64, format: 3, array: Float64Array },
} as const;

export function sampleTypeOf(samples: Samples): SampleType {
  return sampleTypeNames.get(samples.constructor)!;
}

const sampleTypeNames = new Map<unknown, SampleType>(
  Object.entries(SAMPLE_TYPES).map(([name, { array }]) => [array, name as SampleType]),
);
