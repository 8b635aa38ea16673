import { chiSquareTailTable } from './chi-square.ts';
import { covariance, independentBands, weightedMeans } from './covariance.ts';
import { type LinearStatistic, linearStatistic } from './linear-statistic.ts';
import { cholesky, invertLower, multiply, symmetricEigen, transpose } from './matrix.ts';

/**
 * The linear transform IR-MAD converged to: T = Σ (aᵢ·(x−µx) − bᵢ·(y−µy))² / (2(1−ρᵢ)).
 * Plain arrays, since it travels as JSON.
 */
export interface IrMad {
  /** Indices of the bands compared; constant ones and copies of others say nothing and are left out. */
  bands: number[];
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
 * one array per band. Returns null where nothing can be compared: no band varies on both dates, or there
 * are too few samples.
 */
export function fitIrMad(before: Float32Array[], after: Float32Array[], start?: Float64Array): IrMad | null {
  const bands = independentBands(before, after);
  if (bands.length === 0) return null;
  const x = bands.map((band) => before[band]);
  const y = bands.map((band) => after[band]);
  const tail = chiSquareTailTable(bands.length);
  const weights = start ? Float64Array.from(start) : new Float64Array(x[0].length).fill(1);
  let fitted: IrMad | null = null;
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const pairs = canonicalPairs(x, y, weights);
    if (pairs === null) return fitted;
    const moved = fitted === null ? 1 : maxDifference(fitted.rho, pairs.rho);
    fitted = { bands, ...pairs, iterations };
    if (moved < convergedAt) break;
    const t = irMadStatistic(fitted, before, after);
    for (let i = 0; i < t.length; i++) weights[i] = tail(t[i]);
  }
  return fitted;
}

/** T per sample; under no change about χ² with p degrees of freedom, but see METHODS §0.2: not a probability. */
export function irMadStatistic(fit: IrMad, before: Float32Array[], after: Float32Array[]): Float32Array {
  return linearStatistic(irMadForm(fit), before, after);
}

/** The fit as one weighted sum of squared linear forms. */
export function irMadForm({ bands, a, b, rho, meanBefore, meanAfter }: IrMad): LinearStatistic {
  const p = bands.length;
  const constant = rho.map((_, k) => {
    let sum = 0;
    for (let band = 0; band < p; band++) sum += b[band * p + k] * meanAfter[band] - a[band * p + k] * meanBefore[band];
    return sum;
  });
  return { bands, before: a, after: b, constant, weight: rho.map((one) => 1 / (2 * (1 - one))) };
}

type CanonicalPairs = Omit<IrMad, 'bands' | 'iterations'>;

/** Weighted canonical correlation analysis; null where a covariance is singular. */
function canonicalPairs(before: Float32Array[], after: Float32Array[], weights: Float64Array): CanonicalPairs | null {
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
    meanBefore: [...meanBefore],
    meanAfter: [...meanAfter],
    a: [...a],
    b: [...b],
    rho: [...rho],
  };
}

function maxDifference(a: number[], b: number[]): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}
