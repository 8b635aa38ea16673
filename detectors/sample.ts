import type { PairWindow } from './features.ts';

/** Samples of a pair's windows, as the fits want them: observed pixels only, in one array per band. */

/** One array per band over all windows, unobserved pixels left out. */
export function pooled(sample: PairWindow[], bands: (window: PairWindow) => Float32Array[]): Float32Array[] {
  return bands(sample[0]).map((_, band) =>
    concatenate(sample.map((window) => observedOnly(bands(window)[band], window.mask))),
  );
}

export function observedOnly(values: Float32Array, mask: Uint8Array): Float32Array {
  const observed = new Float32Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) if (mask[i]) observed[n++] = values[i];
  return observed.subarray(0, n);
}

export function concatenate(parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Every n-th value, so that fits see at most `most` of them. */
export function thinnedTo(most: number): (values: Float32Array) => Float32Array {
  return (values) => {
    const step = Math.ceil(values.length / most);
    if (step <= 1) return values;
    const thin = new Float32Array(Math.ceil(values.length / step));
    for (let i = 0; i < thin.length; i++) thin[i] = values[i * step];
    return thin;
  };
}

/** For the iterated fits of whole methods: covariances settle long before. */
export const thinned = thinnedTo(40_000);

/** 0 of nothing. */
export function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

/** 0 of nothing. */
export function median(values: Float32Array): number {
  return values.length === 0 ? 0 : values.slice().sort()[values.length >> 1];
}

/** Standard deviation told from the quartiles: saturated roofs and clouds must not widen it. */
export function spread(values: Float32Array): number {
  if (values.length === 0) return 0;
  const sorted = values.slice().sort();
  const quartile = (quarters: number) => sorted[(sorted.length * quarters) >> 2];
  return (quartile(3) - quartile(1)) / 1.349;
}
