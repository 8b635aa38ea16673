import { chiSquareTailTable } from './chi-square.ts';
import { cholesky, invertLower, type Matrix, multiply, symmetricEigen, transpose } from './matrix.ts';

/**
 * The linear transform IR-MAD converged to: T = Σ (aᵢ·(x−µx) − bᵢ·(y−µy))² / (2(1−ρᵢ)).
 * Plain arrays, since it travels as JSON.
 */
export interface IrMad {
  bands: number;
  meanBefore: number[];
  meanAfter: number[];
  /** Column i is aᵢ (bᵢ): unit variance, positive correlation, ρ descending. */
  a: number[];
  b: number[];
  rho: number[];
  iterations: number;
}

const maxIterations = 50;
const convergedAt = 1e-3;
/** Keeps 1 − ρ away from 0 on identical images. */
const rhoCeiling = 1 - 1e-7;

/**
 * Iteratively re-weighted multivariate alteration detection (Nielsen 2007) on co-located samples,
 * one array per band. Returns null where a covariance is singular (fewer samples than bands, or a
 * constant or duplicate band, which callers drop first).
 */
export function fitIrMad(before: Float32Array[], after: Float32Array[]): IrMad | null {
  const p = before.length;
  const weights = new Float64Array(before[0].length).fill(1);
  let fitted: IrMad | null = null;
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    const next = canonicalPairs(before, after, weights, iteration);
    if (next === null) return fitted;
    const moved = fitted === null ? 1 : maxDifference(fitted.rho, next.rho);
    fitted = next;
    if (moved < convergedAt) break;
    const t = irMadStatistic(next, before, after);
    const tail = chiSquareTailTable(p);
    for (let i = 0; i < t.length; i++) weights[i] = tail(t[i]);
  }
  return fitted;
}

/** T per sample; under no change about χ² with p degrees of freedom, but see METHODS §0.2: not a probability. */
export function irMadStatistic(fit: IrMad, before: Float32Array[], after: Float32Array[]): Float32Array {
  const p = fit.bands;
  const count = before[0].length;
  const t = new Float32Array(count);
  const mad = new Float64Array(count);
  for (let k = 0; k < p; k++) {
    mad.fill(0);
    for (let band = 0; band < p; band++) {
      const a = fit.a[band * p + k];
      const b = fit.b[band * p + k];
      const constant = b * fit.meanAfter[band] - a * fit.meanBefore[band];
      const x = before[band];
      const y = after[band];
      for (let i = 0; i < count; i++) mad[i] += a * x[i] - b * y[i] + constant;
    }
    const scale = 1 / (2 * (1 - fit.rho[k]));
    for (let i = 0; i < count; i++) t[i] += mad[i] * mad[i] * scale;
  }
  return t;
}

function canonicalPairs(
  before: Float32Array[],
  after: Float32Array[],
  weights: Float64Array,
  iterations: number,
): IrMad | null {
  const p = before.length;
  const meanBefore = weightedMeans(before, weights);
  const meanAfter = weightedMeans(after, weights);
  const s11 = covariance(before, before, meanBefore, meanBefore, weights);
  const s22 = covariance(after, after, meanAfter, meanAfter, weights);
  const s12 = covariance(before, after, meanBefore, meanAfter, weights);
  const l1 = cholesky(s11, p);
  const l2 = cholesky(s22, p);
  if (l1 === null || l2 === null) return null;
  // With S11 = L1 L1ᵀ, S22 = L2 L2ᵀ and K = L1⁻¹ S12 L2⁻ᵀ the generalised problem
  // S12 S22⁻¹ S21 a = ρ² S11 a is the symmetric one K Kᵀ u = ρ² u, a = L1⁻ᵀ u.
  const i1 = invertLower(l1, p);
  const i2 = invertLower(l2, p);
  const k = multiply(multiply(i1, s12, p), transpose(i2, p), p);
  const { values, vectors } = symmetricEigen(multiply(k, transpose(k, p), p), p);
  const rho = values.map((value) => Math.min(rhoCeiling, Math.sqrt(Math.max(0, value))));
  const a = multiply(transpose(i1, p), vectors, p);
  // b ∝ S22⁻¹ S21 a, i.e. L2⁻ᵀ Kᵀ u / ρ: unit variance and aᵀ S12 b = ρ > 0 by construction.
  const b = multiply(transpose(i2, p), multiply(transpose(k, p), vectors, p), p);
  for (let column = 0; column < p; column++) {
    const scale = 1 / Math.max(1e-12, Math.sqrt(Math.max(0, values[column])));
    for (let row = 0; row < p; row++) b[row * p + column] *= scale;
  }
  return {
    bands: p,
    meanBefore: [...meanBefore],
    meanAfter: [...meanAfter],
    a: [...a],
    b: [...b],
    rho: [...rho],
    iterations,
  };
}

function weightedMeans(bands: Float32Array[], weights: Float64Array): Float64Array {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i];
  return Float64Array.from(bands, (band) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] * band[i];
    return sum / total;
  });
}

function covariance(
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

function maxDifference(a: number[], b: number[]): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}
