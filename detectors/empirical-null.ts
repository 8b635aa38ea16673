import { chiSquareTail, chiSquareTailTable } from './chi-square.ts';

/**
 * What scores unchanged ground has: T = score² is about scale · χ² with `degrees` degrees of freedom. The theoretical
 * null (scale 1) is far too narrow: at nominal p < 1e-4 it fires on 20–32 % of unchanged pixels of real pairs
 * (METHODS §0.2), while the median of T belongs to unchanged ground as long as less than half of the scene changed.
 */
export interface EmpiricalNull {
  /** λ̂ = median(T) / median of χ² (METHODS §3). */
  scale: number;
  degrees: number;
}

const fewestDegrees = 0.25;
const mostDegrees = 60;

/**
 * Fits the null to sorted scores (ascending, ≥ 0, no NaN).
 * @param degrees of T where the method knows them; otherwise told from the ratio of lower quartile and median
 */
export function fitEmpiricalNull(sorted: Float32Array, degrees?: number): EmpiricalNull {
  const squared = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ** 2;
  const median = squared(0.5);
  const fitted = degrees ?? degreesByQuartiles(median > 0 ? squared(0.25) / median : 1);
  return { scale: median / chiSquareQuantile(0.5, fitted), degrees: fitted };
}

/** P(unchanged ground scores at least this): not a probability of no change, see METHODS §0.2. */
export function nullTail({ scale, degrees }: EmpiricalNull): (score: number) => number {
  const tail = chiSquareTailTable(degrees);
  return (score) => (scale > 0 ? tail((score * score) / scale) : score > 0 ? 0 : 1);
}

/**
 * The score above which the share of falsely flagged among all flagged is expected to be at most `rate`
 * (Benjamini & Hochberg 1995): the largest k with p₍ₖ₎ ≤ k·rate / n is looked for, scores sorted ascending.
 * Where no score passes, the score that a single one would have to have.
 */
export function falseDiscoveryThreshold(sorted: Float32Array, fit: EmpiricalNull, rate: number): number {
  const n = sorted.length;
  const tail = nullTail(fit);
  for (let first = 0; first < n; first++) {
    // sorted[first …] would be flagged. Ties are flagged together or not at all.
    if (first > 0 && sorted[first] === sorted[first - 1]) continue;
    if (tail(sorted[first]) <= ((n - first) * rate) / n) return first === 0 ? 0 : sorted[first - 1];
  }
  return Math.sqrt(fit.scale * chiSquareQuantile(1 - rate / n, fit.degrees));
}

/** x with P(χ² ≤ x) = q, by bisection. */
export function chiSquareQuantile(q: number, degrees: number): number {
  let low = 0;
  let high = degrees + 20;
  while (1 - chiSquareTail(high, degrees) < q) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (1 - chiSquareTail(middle, degrees) < q) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The quartile-to-median ratio of χ² grows with its degrees of freedom. */
function degreesByQuartiles(ratio: number): number {
  let low = fewestDegrees;
  let high = mostDegrees;
  for (let i = 0; i < 40; i++) {
    const middle = Math.sqrt(low * high);
    if (chiSquareQuantile(0.25, middle) / chiSquareQuantile(0.5, middle) < ratio) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}
