/** Samples this many or fewer stand for a field: percentiles then err by less than a hundredth. */
const sampleSize = 10_000;

/** About ten thousand values at set cells, or of `values − minus` there, sorted. */
export function sortedSample(values: Float32Array, set: Uint8Array, minus?: Float32Array): Float32Array {
  // Odd, so that it does not walk down a column of an even width.
  const step = Math.ceil(values.length / sampleSize) | 1;
  const sample = new Float32Array(Math.ceil(values.length / step));
  let count = 0;
  for (let k = 0; k < values.length; k += step) {
    if (set[k] === 1) sample[count++] = minus === undefined ? values[k] : values[k] - minus[k];
  }
  return sample.subarray(0, count).sort();
}

/** The value below which `share` of a sorted sample lie; 0 of none. */
export function percentile(sorted: Float32Array, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

/** Middle of the narrowest range that holds a quarter of a sorted sample: where values crowd most. */
export function crowdedValue(sorted: Float32Array): number {
  const span = Math.floor(sorted.length / 4);
  let best = 0;
  for (let i = 1; i + span < sorted.length; i++) {
    if (sorted[i + span] - sorted[i] < sorted[best + span] - sorted[best]) best = i;
  }
  return sorted.length === 0 ? 0 : (sorted[best] + sorted[best + span]) / 2;
}
