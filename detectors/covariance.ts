import { cholesky, type Matrix } from './matrix.ts';

/** Rounding of float32 samples, relative to their size: a spread below it is none. */
const sampleRounding = 1e-7;
/** Share of its variance that a band must not owe to the others, or it is a copy of them. */
const leastOwnShare = 1e-9;

/** Weighted mean of each band; NaN where all weights are 0. */
export function weightedMeans(bands: Float32Array[], weights: Float64Array): Float64Array {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i];
  return Float64Array.from(bands, (band) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] * band[i];
    return sum / total;
  });
}

/** Weighted covariance of every band of `x` (rows) with every band of `y` (columns). */
export function covariance(
  x: Float32Array[],
  y: Float32Array[],
  meanX: Float64Array,
  meanY: Float64Array,
  weights: Float64Array,
): Matrix {
  const p = x.length;
  const count = weights.length;
  let total = 0;
  for (let i = 0; i < count; i++) total += weights[i];
  const s = new Float64Array(p * p);
  const weighted = new Float64Array(count);
  for (let r = 0; r < p; r++) {
    const xr = x[r];
    const mx = meanX[r];
    for (let i = 0; i < count; i++) weighted[i] = weights[i] * (xr[i] - mx);
    for (let c = x === y ? r : 0; c < p; c++) {
      let sum = 0;
      const yc = y[c];
      const my = meanY[c];
      for (let i = 0; i < count; i++) sum += weighted[i] * (yc[i] - my);
      s[r * p + c] = sum / total;
      if (x === y) s[c * p + r] = sum / total;
    }
  }
  return s;
}

/**
 * Indices of the bands that, on both dates, vary and are no linear mixture of the ones before them. An alpha
 * channel or a band written twice would otherwise make both covariances singular.
 */
export function independentBands(before: Float32Array[], after: Float32Array[]): number[] {
  const addsToBefore = addsVariation(before);
  const addsToAfter = addsVariation(after);
  const used: number[] = [];
  for (let band = 0; band < before.length; band++) {
    if (addsToBefore(used, band) && addsToAfter(used, band)) used.push(band);
  }
  return used;
}

/** A test of one date: does the band vary in a way that the bands already used do not? */
function addsVariation(bands: Float32Array[]): (used: number[], band: number) => boolean {
  const p = bands.length;
  const weights = new Float64Array(bands[0].length).fill(1);
  const means = weightedMeans(bands, weights);
  const s = covariance(bands, bands, means, means, weights);
  const deviation = Float64Array.from(bands, (_, k) => Math.sqrt(s[k * p + k]));
  return (used, band) => {
    if (!(deviation[band] > sampleRounding * Math.abs(means[band]))) return false;
    const chosen = [...used, band];
    const n = chosen.length;
    const correlation = Float64Array.from({ length: n * n }, (_, i) => {
      const r = chosen[Math.floor(i / n)];
      const c = chosen[i % n];
      return s[r * p + c] / (deviation[r] * deviation[c]);
    });
    const l = cholesky(correlation, n);
    return l !== null && l[n * n - 1] ** 2 > leastOwnShare;
  };
}
