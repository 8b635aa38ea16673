/** Thresholds that need a histogram only, and say where on [0, top] it is to be split. */

const bins = 512;

/** Counts of the scores over [0, top]; what lies above falls into the last bin. */
export function histogramOf(sorted: Float32Array, top: number): Float64Array {
  const histogram = new Float64Array(bins);
  for (const score of sorted) histogram[Math.min(bins - 1, Math.floor((score / top) * bins))]++;
  return histogram;
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

/**
 * Otsu's threshold (1979): the split with the greatest variance between its classes. On the same histogram it is
 * nearly what two means find, and never a local optimum. Null where everything lies in one bin.
 */
export function otsu(histogram: Float64Array, top: number): number | null {
  const { total, sum } = moments(histogram);
  let most = 0;
  let at: number | null = null;
  let n1 = 0;
  let s1 = 0;
  for (let t = 0; t < histogram.length - 1; t++) {
    n1 += histogram[t];
    s1 += histogram[t] * t;
    if (n1 === 0 || n1 === total) continue;
    const between = ((sum * n1) / total - s1) ** 2 / (n1 * (total - n1));
    if (between > most) {
      most = between;
      at = t;
    }
  }
  return at === null ? null : ((at + 1) * top) / histogram.length;
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
