import type { Samples } from '../raster.ts';

/**
 * TIFF predictors on one decoded chunk: `rows` rows of `rowLength` samples, of which every `stride`-th belongs to the
 * same band (stride = band count when pixel-interleaved, 1 when planar). All work in place; rows do not touch.
 * Source: TIFF 6.0 section 14 (predictor 2) and Adobe Photoshop TIFF Technical Note 3 (predictor 3).
 */
type IntegerSamples = Exclude<Samples, Float32Array | Float64Array>;

/** Predictor 2: each sample becomes its difference from the pixel to the left, wrapping at the type's width. */
export function difference(samples: IntegerSamples, rowLength: number, rows: number, stride: number): void {
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    for (let i = start + rowLength - 1; i >= start + stride; i--) samples[i] -= samples[i - stride];
  }
}

/** Undoes predictor 2. */
function accumulate(samples: IntegerSamples, rowLength: number, rows: number, stride: number): void {
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    for (let i = start + stride; i < start + rowLength; i++) samples[i] += samples[i - stride];
  }
}

/**
 * Predictor 3: a row's bytes are regrouped by significance, the most significant of every sample first, and then
 * differenced as bytes. `bytes` holds little-endian floats of `sampleBytes` each.
 */
export function differenceFloats(
  bytes: Uint8Array,
  sampleBytes: number,
  rowLength: number,
  rows: number,
  stride: number,
): void {
  const rowBytes = rowLength * sampleBytes;
  const planes = new Uint8Array(rowBytes);
  for (let row = 0; row < rows; row++) {
    const start = row * rowBytes;
    for (let plane = 0; plane < sampleBytes; plane++) {
      const significance = start + sampleBytes - 1 - plane;
      for (let i = 0; i < rowLength; i++) planes[plane * rowLength + i] = bytes[significance + i * sampleBytes];
    }
    bytes.set(planes, start);
  }
  difference(bytes, rowBytes, rows, stride);
}

/** Undoes predictor 3; `bytes` ends up as little-endian floats. */
export function accumulateFloats(
  bytes: Uint8Array,
  sampleBytes: number,
  rowLength: number,
  rows: number,
  stride: number,
): void {
  const rowBytes = rowLength * sampleBytes;
  const planes = new Uint8Array(rowBytes);
  accumulate(bytes, rowBytes, rows, stride);
  for (let row = 0; row < rows; row++) {
    const start = row * rowBytes;
    planes.set(bytes.subarray(start, start + rowBytes));
    for (let plane = 0; plane < sampleBytes; plane++) {
      const significance = start + sampleBytes - 1 - plane;
      for (let i = 0; i < rowLength; i++) bytes[significance + i * sampleBytes] = planes[plane * rowLength + i];
    }
  }
}
