import { cholesky, invertLower, type Matrix } from './matrix.ts';

/** A centre and a whitening, plain arrays since they travel as JSON: distance² = Σᵢ (Σⱼ w[i,j] (x[j] − centre[j]))². */
export interface Whitening {
  dimensions: number;
  centre: number[];
  /** Lower-triangular, row-major. */
  w: number[];
}

/** Share of the sample kept at each trimming round: change is rarely more than a tenth of a scene. */
const keptShare = 0.9;
const rounds = 6;
const chunk = 2048;
/**
 * Shrinkage of the covariance to its diagonal. 0 (full Mahalanobis) trusts every small eigen-direction
 * and lost 10 points of κ on six Landsat bands; 1 (plain per-band scaling) lost 3 points of AUC on
 * Sentinel-2. Between 0.2 and 0.5 the result hardly moves.
 */
const shrinkage = 0.3;

/**
 * Robust whitening of a sample (one array per dimension): median and covariance of the 90 % nearest,
 * iterated. `leastDeviation` per dimension is what rounding alone may make of it, and adds to its spread.
 * Dimensions without any get weight 0. Null when nothing varies at all.
 */
export function fitWhitening(sample: Float32Array[], leastDeviation: number[]): Whitening | null {
  const p = sample.length;
  const count = sample[0].length;
  const keep = new Uint8Array(count).fill(1);
  let whitening: Whitening | null = null;
  for (let round = 0; round < rounds; round++) {
    const centre = sample.map((values) => medianOf(values, keep));
    const w = whiteningMatrix(sample, keep, leastDeviation);
    if (w === null) return whitening;
    whitening = { dimensions: p, centre, w: [...w] };
    const distances = squaredDistances(whitening, sample);
    const limit = quantileOf(distances, keptShare);
    for (let i = 0; i < count; i++) keep[i] = distances[i] <= limit ? 1 : 0;
  }
  return whitening;
}

export function squaredDistances({ dimensions: p, centre, w }: Whitening, values: Float32Array[]): Float32Array {
  const count = values[0].length;
  const out = new Float32Array(count);
  const projected = new Float64Array(chunk);
  // In chunks that stay in cache, one tight loop per matrix entry: four times the plain triple loop.
  for (let from = 0; from < count; from += chunk) {
    const n = Math.min(chunk, count - from);
    for (let r = 0; r < p; r++) {
      let constant = 0;
      for (let c = 0; c <= r; c++) constant -= w[r * p + c] * centre[c];
      projected.fill(constant);
      for (let c = 0; c <= r; c++) {
        const weight = w[r * p + c];
        const x = values[c];
        for (let i = 0; i < n; i++) projected[i] += weight * x[from + i];
      }
      for (let i = 0; i < n; i++) out[from + i] += projected[i] * projected[i];
    }
  }
  return out;
}

function whiteningMatrix(sample: Float32Array[], keep: Uint8Array, leastDeviation: number[]): Matrix | null {
  const p = sample.length;
  const covariance = shrunkCovariance(sample, keep);
  for (let k = 0; k < p; k++) covariance[k * p + k] += leastDeviation[k] ** 2;
  const largest = Math.max(...sample.map((_, k) => covariance[k * p + k]));
  if (!(largest > 0)) return null;
  const flat: number[] = [];
  for (let k = 0; k < p; k++) {
    if (covariance[k * p + k] > largest * 1e-9) continue;
    flat.push(k);
    covariance[k * p + k] = 1;
  }
  const l = cholesky(covariance, p);
  if (l === null) return null;
  const w = invertLower(l, p);
  for (const k of flat) for (let j = 0; j < p; j++) w[k * p + j] = 0;
  return w;
}

function shrunkCovariance(sample: Float32Array[], keep: Uint8Array): Matrix {
  const p = sample.length;
  const core = sample.map((values) => keptOnly(values, keep));
  const count = core[0].length;
  const means = core.map((values) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[i];
    return sum / count;
  });
  const covariance = new Float64Array(p * p);
  for (let r = 0; r < p; r++) {
    for (let c = 0; c <= r; c++) {
      const x = core[r];
      const y = core[c];
      let sum = 0;
      for (let i = 0; i < count; i++) sum += (x[i] - means[r]) * (y[i] - means[c]);
      const value = (sum / Math.max(1, count - 1)) * (r === c ? 1 : 1 - shrinkage);
      covariance[r * p + c] = value;
      covariance[c * p + r] = value;
    }
  }
  return covariance;
}

function keptOnly(values: Float32Array, keep: Uint8Array): Float32Array {
  const kept = new Float32Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) if (keep[i]) kept[n++] = values[i];
  return kept.subarray(0, n);
}

/** Every n-th value, at most about `most` of them, sorted. */
function sortedSome(values: Float32Array, most: number): Float32Array {
  const step = Math.ceil(values.length / most) || 1;
  const some = new Float32Array(Math.ceil(values.length / step));
  for (let i = 0; i < some.length; i++) some[i] = values[i * step];
  return some.sort();
}

function quantileOf(values: Float32Array, q: number): number {
  const some = sortedSome(values, 16384);
  return some[Math.min(some.length - 1, Math.floor(q * some.length))];
}

/** Median of the kept, from at most a few thousand of them: sorting all would cost more than it tells. */
function medianOf(values: Float32Array, keep: Uint8Array): number {
  const core = sortedSome(keptOnly(values, keep), 8192);
  return core.length === 0 ? 0 : core[core.length >> 1];
}
