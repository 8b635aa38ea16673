import { describe, expect, it } from 'vitest';
import { type Confusion, f1, kappa, overallAccuracy, precision, recall, rocAuc } from '../../detectors/accuracy.ts';

describe('agreement of 20 found among 25 changed of 100 pixels', () => {
  // Found 30, of which 20 right: by chance (30·25 + 70·75) / 100² = 0.6 would agree.
  const confusion: Confusion = { truePositive: 20, falsePositive: 10, falseNegative: 5, trueNegative: 65 };

  it('is 85 % overall', () => expect(overallAccuracy(confusion)).toBeCloseTo(0.85, 12));
  it('is κ = (0.85 − 0.6) / (1 − 0.6)', () => expect(kappa(confusion)).toBeCloseTo(0.625, 12));
  it('is F1 = 2·20 / (30 + 25)', () => expect(f1(confusion)).toBeCloseTo(40 / 55, 12));
  it('is right in 20 of 30, and misses 5 of 25', () => {
    expect(precision(confusion)).toBeCloseTo(20 / 30, 12);
    expect(recall(confusion)).toBeCloseTo(20 / 25, 12);
  });
});

it('perfect agreement is 1 by every measure; a coin is κ = 0', () => {
  const perfect: Confusion = { truePositive: 3, falsePositive: 0, falseNegative: 0, trueNegative: 7 };
  expect([overallAccuracy(perfect), kappa(perfect), f1(perfect)]).toEqual([1, 1, 1]);
  expect(kappa({ truePositive: 25, falsePositive: 25, falseNegative: 25, trueNegative: 25 })).toBe(0);
});

describe('the area under the ROC curve', () => {
  it('is the share of (changed, unchanged) pairs in the right order', () => {
    // Of 2 × 3 pairs, only (0.4 changed, 0.6 unchanged) is in the wrong order.
    expect(rocAuc([0.9, 0.4, 0.6, 0.2, 0.1], [1, 1, 0, 0, 0])).toBeCloseTo(5 / 6, 12);
  });

  it('counts ties as half, wherever they stand', () => {
    expect(rocAuc([3, 3, 3, 3], [1, 0, 1, 0])).toBe(0.5);
    expect(rocAuc([2, 1, 1, 0], [1, 1, 0, 0])).toBeCloseTo((2 + 0.5 + 1) / 4, 12);
  });

  it('ranks NaN below every score, all equal', () => {
    expect(rocAuc([Number.NaN, 5, -1e30, 2], [0, 1, 0, 1])).toBe(1);
    expect(rocAuc([Number.NaN, Number.NaN], [0, 1])).toBe(0.5);
    expect(rocAuc([Number.NaN, 0], [1, 0])).toBe(0);
    const sprinkled = Float32Array.from({ length: 999 }, (_, i) => (i % 3 === 0 ? Number.NaN : i));
    const changed = Uint8Array.from(sprinkled, (score) => (Number.isNaN(score) ? 0 : 1));
    expect(rocAuc(sprinkled, changed)).toBe(1);
  });
});
