import { chiSquareTailTable } from './chi-square.ts';
import { covariance, independentBands, weightedMeans } from './covariance.ts';
import { chiSquareQuantile } from './empirical-null.ts';
import { type LinearStatistic, linearStatistic } from './linear-statistic.ts';
import { cholesky, invertLower, type Matrix, multiply, symmetricEigen, transpose } from './matrix.ts';

/**
 * What iterated slow feature analysis converged to: T = Σᵢ (vᵢ·d)² / λᵢ with d = zx − zy, the standardised dates.
 * Plain arrays, since it travels as JSON.
 */
export interface Isfa {
  /** Indices of the bands compared; constant ones and copies of others are left out. */
  bands: number[];
  meanBefore: number[];
  meanAfter: number[];
  deviationBefore: number[];
  deviationAfter: number[];
  /** Column i is vᵢ, λ ascending: the slowest feature first. */
  v: number[];
  /** E[w (vᵢ·d)²]: how much feature i differs on unchanged ground. */
  lambda: number[];
  iterations: number;
}

const maxIterations = 50;
const convergedAt = 1e-3;
/** Features slower than this differ by rounding only, as between identical images. */
const leastLambda = 1e-7;

/**
 * Iterated slow feature analysis (Wu, Du & Zhang 2014) on co-located samples, one array per band: E[w·ddᵀ] v =
 * λ · ½(Σx + Σy) v, weights w = 1 − χ²ₚ(T / λ̂), until the λ settle. Null where nothing can be compared.
 */
export function fitIsfa(before: Float32Array[], after: Float32Array[]): Isfa | null {
  const bands = independentBands(before, after);
  if (bands.length === 0) return null;
  const x = bands.map((band) => before[band]);
  const y = bands.map((band) => after[band]);
  const tail = chiSquareTailTable(bands.length);
  const typical = chiSquareQuantile(0.5, bands.length);
  const weights = new Float64Array(x[0].length).fill(1);
  let fitted: Isfa | null = null;
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const features = slowFeatures(x, y, weights);
    if (features === null) return fitted;
    const moved = fitted === null ? 1 : largestChange(fitted.lambda, features.lambda);
    fitted = { bands, ...features, iterations };
    if (moved < convergedAt) break;
    const t = isfaStatistic(fitted, before, after);
    const scale = nullScale(t, typical);
    for (let i = 0; i < t.length; i++) weights[i] = tail(t[i] * scale);
  }
  return fitted;
}

/** T per sample; larger = more change. */
export function isfaStatistic(fit: Isfa, before: Float32Array[], after: Float32Array[]): Float32Array {
  return linearStatistic(isfaForm(fit), before, after);
}

/** The fit as one weighted sum of squared linear forms. */
export function isfaForm(fit: Isfa): LinearStatistic {
  const p = fit.bands.length;
  const u = fit.v.map((one, i) => one / fit.deviationBefore[Math.floor(i / p)]);
  const w = fit.v.map((one, i) => one / fit.deviationAfter[Math.floor(i / p)]);
  const constant = fit.lambda.map((_, k) => {
    let sum = 0;
    for (let b = 0; b < p; b++) sum += w[b * p + k] * fit.meanAfter[b] - u[b * p + k] * fit.meanBefore[b];
    return sum;
  });
  return { bands: fit.bands, before: u, after: w, constant, weight: fit.lambda.map((one) => 1 / one) };
}

/**
 * Brings the median of T to that of χ² (the empirical null). Weights by T as it is make λ smaller, and so T larger, in
 * every round, until a handful of samples is all that counts as unchanged.
 */
function nullScale(t: Float32Array, typical: number): number {
  const median = t.slice().sort()[t.length >> 1];
  return median > 0 ? typical / median : 1;
}

type SlowFeatures = Omit<Isfa, 'bands' | 'iterations'>;

function slowFeatures(before: Float32Array[], after: Float32Array[], weights: Float64Array): SlowFeatures | null {
  const p = before.length;
  const x = standardised(before, weights);
  const y = standardised(after, weights);
  if (x === null || y === null) return null;
  // All in standardised numbers, so every mean below is 0.
  const zero = new Float64Array(p);
  const difference = x.bands.map((band, k) => band.map((value, i) => value - y.bands[k][i]));
  const differing = covariance(difference, difference, zero, zero, weights);
  const sx = covariance(x.bands, x.bands, zero, zero, weights);
  const sy = covariance(y.bands, y.bands, zero, zero, weights);
  const l = cholesky(
    sx.map((value, i) => (value + sy[i]) / 2),
    p,
  );
  if (l === null) return null;
  // A v = λ B v with B = L Lᵀ is the symmetric problem L⁻¹ A L⁻ᵀ u = λ u, v = L⁻ᵀ u; then vᵀ B v = 1.
  const inverse = invertLower(l, p);
  const back = transpose(inverse, p);
  const { values, vectors } = symmetricEigen(multiply(multiply(inverse, differing, p), back, p), p);
  const v = ascending(multiply(back, vectors, p), p);
  return {
    meanBefore: x.means,
    meanAfter: y.means,
    deviationBefore: x.deviations,
    deviationAfter: y.deviations,
    v,
    lambda: [...values].reverse().map((value) => Math.max(leastLambda, value)),
  };
}

/** The columns from last to first: eigenvectors come with descending values. */
function ascending(vectors: Matrix, p: number): number[] {
  return Array.from(vectors, (_, i) => vectors[i - (i % p) + (p - 1 - (i % p))]);
}

/** Bands with weighted mean 0 and deviation 1; null where one does not vary under the weights. */
function standardised(bands: Float32Array[], weights: Float64Array) {
  const means = weightedMeans(bands, weights);
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i];
  const deviations = bands.map((band, k) => {
    let squares = 0;
    for (let i = 0; i < weights.length; i++) squares += weights[i] * (band[i] - means[k]) ** 2;
    return Math.sqrt(squares / total);
  });
  if (!deviations.every((deviation) => deviation > 0)) return null;
  const scaled = bands.map((band, k) => band.map((value) => (value - means[k]) / deviations[k]));
  return { bands: scaled, means: [...means], deviations };
}

/** Relative to the largest: λ are small where little changed. */
function largestChange(a: number[], b: number[]): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most / Math.max(leastLambda, ...b);
}
