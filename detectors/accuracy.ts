/** Counts of a two-class comparison: changed / unchanged, as found against as true. */
export interface Confusion {
  truePositive: number;
  falsePositive: number;
  falseNegative: number;
  trueNegative: number;
}

export function overallAccuracy(c: Confusion): number {
  return (c.truePositive + c.trueNegative) / total(c);
}

/** Cohen's κ: agreement beyond chance. NaN where all pixels are of one class, found and true. */
export function kappa(c: Confusion): number {
  const n = total(c);
  const found = c.truePositive + c.falsePositive;
  const real = c.truePositive + c.falseNegative;
  const byChance = (found * real + (n - found) * (n - real)) / (n * n);
  return (overallAccuracy(c) - byChance) / (1 - byChance);
}

/** F1 of the changed class. NaN where nothing changed and nothing was found. */
export function f1(c: Confusion): number {
  return (2 * c.truePositive) / (2 * c.truePositive + c.falsePositive + c.falseNegative);
}

/**
 * Area under the ROC curve of `scores` against `changed` (1 = changed), by ranks with ties averaged.
 * NaN scores (unobserved) rank lowest, all equal. NaN where one of the classes is empty.
 */
export function rocAuc(scores: ArrayLike<number>, changed: ArrayLike<number>): number {
  const order = Array.from({ length: scores.length }, (_, i) => i);
  const key = Float64Array.from(scores, (score) => (Number.isNaN(score) ? -Infinity : score));
  order.sort((a, b) => key[a] - key[b]);
  let positives = 0;
  let rankSum = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && key[order[j]] === key[order[i]]) j++;
    const rank = (i + j + 1) / 2;
    for (let k = i; k < j; k++) {
      if (!changed[order[k]]) continue;
      positives++;
      rankSum += rank;
    }
    i = j;
  }
  const negatives = scores.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

function total(c: Confusion): number {
  return c.truePositive + c.falsePositive + c.falseNegative + c.trueNegative;
}
