import { Ranking } from './ranking.ts';

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

/** Share of what was found that is real. NaN where nothing was found. */
export function precision(c: Confusion): number {
  return c.truePositive / (c.truePositive + c.falsePositive);
}

/** Share of what is real that was found. NaN where nothing changed. */
export function recall(c: Confusion): number {
  return c.truePositive / (c.truePositive + c.falseNegative);
}

/**
 * Area under the ROC curve of `scores` against `changed` (1 = changed), by ranks with ties averaged.
 * NaN scores (unobserved) rank lowest, all equal. NaN where one of the classes is empty.
 */
export function rocAuc(scores: ArrayLike<number>, changed: ArrayLike<number>): number {
  const ranking = new Ranking(scores.length);
  for (let i = 0; i < scores.length; i++) ranking.add(scores[i], changed[i] > 0);
  return ranking.figures().all.rocAuc;
}

function total(c: Confusion): number {
  return c.truePositive + c.falsePositive + c.falseNegative + c.trueNegative;
}
