/** How the changed are told from the unchanged, and what each rule proposed. */
export interface Threshold {
  value: number;
  chosen: 'kittler-illingworth' | 'two-means' | 'null-guard' | 'none';
  kittlerIllingworth: number | null;
  twoMeans: number | null;
  /** Below this even the noise of unchanged ground reaches. */
  nullGuard: number;
}

const bins = 512;
/** Scores above this quantile are clipped: a few blazing pixels must not stretch the histogram. */
const clipQuantile = 0.999;
/** Robust deviations above the median that unchanged ground may reach (about 1 in 200, one-sided). */
const guardDeviations = 2.6;
/** Scores count spreads of unchanged ground: under one of them lies rounding, as between two identical images. */
const leastThreshold = 1;
/** Kittler-Illingworth can settle inside the unchanged body; more than this share changed is not believed. */
const mostChanged = 0.4;

/**
 * Chooses a threshold from a sample of scores (NaN left out): Kittler-Illingworth's minimum error,
 * 2-means where that finds no valley or calls too much changed, never below what noise reaches.
 * Breaks, and says 'null-guard', when more than half of the scene changed.
 */
export function chooseThreshold(scores: Float32Array): Threshold {
  const sorted = scores.filter((score) => !Number.isNaN(score)).sort();
  if (sorted.length === 0) return noThreshold();
  const nullGuard = Math.max(leastThreshold, unchangedReach(sorted));
  const clip = Math.max(leastThreshold, quantile(sorted, clipQuantile));
  const histogram = histogramOf(sorted, clip);
  const ki = kittlerIllingworth(histogram, clip);
  const means = twoMeans(histogram, clip);
  const believable = (value: number | null) => value !== null && shareAbove(sorted, value) <= mostChanged;
  const proposal = believable(ki) ? ki : believable(means) ? means : null;
  const common = { kittlerIllingworth: ki, twoMeans: means, nullGuard };
  if (proposal === null || proposal < nullGuard) return { value: nullGuard, chosen: 'null-guard', ...common };
  return { value: proposal, chosen: proposal === ki ? 'kittler-illingworth' : 'two-means', ...common };
}

function noThreshold(): Threshold {
  // The largest number rather than Infinity: the model travels as JSON.
  const value = Number.MAX_VALUE;
  return { value, chosen: 'none', kittlerIllingworth: null, twoMeans: null, nullGuard: value };
}

/**
 * Where the unchanged end, told from the lower half of the scores, which change cannot reach: median plus
 * the spread between lower quartile and median, scaled as for a normal body. Taken on score^⅔: a squared
 * distance is about χ², whose cube root is about normal in any number of dimensions (Wilson & Hilferty 1931).
 */
function unchangedReach(sorted: Float32Array): number {
  const median = quantile(sorted, 0.5) ** (2 / 3);
  const lowerDeviation = (median - quantile(sorted, 0.25) ** (2 / 3)) / 0.6745;
  return (median + guardDeviations * lowerDeviation) ** 1.5;
}

/**
 * Minimum-error threshold (Kittler & Illingworth 1986) on a histogram over [0, top]:
 * minimises 1 + 2(P₁ ln σ₁ + P₂ ln σ₂) − 2(P₁ ln P₁ + P₂ ln P₂). Null where no split has two spread classes.
 */
export function kittlerIllingworth(histogram: Float64Array, top: number): number | null {
  const { total, sum, squares } = moments(histogram);
  let best = Infinity;
  let at: number | null = null;
  let n1 = 0;
  let s1 = 0;
  let q1 = 0;
  for (let t = 0; t < histogram.length - 1; t++) {
    n1 += histogram[t];
    s1 += histogram[t] * t;
    q1 += histogram[t] * t * t;
    const n2 = total - n1;
    if (n1 < 1e-4 * total || n2 < 1e-4 * total) continue;
    const v1 = q1 / n1 - (s1 / n1) ** 2;
    const v2 = (squares - q1) / n2 - ((sum - s1) / n2) ** 2;
    if (!(v1 > 1 / 12) || !(v2 > 1 / 12)) continue;
    const p1 = n1 / total;
    const p2 = n2 / total;
    const cost = 1 + p1 * Math.log(v1) + p2 * Math.log(v2) - 2 * (p1 * Math.log(p1) + p2 * Math.log(p2));
    if (cost < best) {
      best = cost;
      at = t;
    }
  }
  return at === null ? null : ((at + 1) * top) / histogram.length;
}

/** Halfway between the centres of two clusters (1-D k-means, k = 2), started from the extremes. */
export function twoMeans(histogram: Float64Array, top: number): number | null {
  const { total, sum } = moments(histogram);
  let threshold = histogram.length / 2;
  for (let round = 0; round < 100; round++) {
    let n1 = 0;
    let s1 = 0;
    for (let t = 0; t < threshold; t++) {
      n1 += histogram[t];
      s1 += histogram[t] * t;
    }
    if (n1 === 0 || n1 === total) return null;
    const next = (s1 / n1 + (sum - s1) / (total - n1)) / 2;
    if (Math.abs(next - threshold) < 0.01) break;
    threshold = next;
  }
  return ((threshold + 0.5) * top) / histogram.length;
}

function moments(histogram: Float64Array) {
  let total = 0;
  let sum = 0;
  let squares = 0;
  for (let t = 0; t < histogram.length; t++) {
    total += histogram[t];
    sum += histogram[t] * t;
    squares += histogram[t] * t * t;
  }
  return { total, sum, squares };
}

function histogramOf(sorted: Float32Array, top: number): Float64Array {
  const histogram = new Float64Array(bins);
  for (const score of sorted) histogram[Math.min(bins - 1, Math.floor((score / top) * bins))]++;
  return histogram;
}

function quantile(sorted: Float32Array, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

function shareAbove(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle;
    else low = middle + 1;
  }
  return 1 - low / sorted.length;
}
