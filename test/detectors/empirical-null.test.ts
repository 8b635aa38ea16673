import { describe, expect, it } from 'vitest';
import {
  chiSquareQuantile,
  falseDiscoveryThreshold,
  fitEmpiricalNull,
  nullTail,
} from '../../detectors/empirical-null.ts';
import { chooseThreshold } from '../../detectors/threshold.ts';
import { seededNormal } from '../support/random.ts';

/** √(scale · χ²) scores, ascending. */
function nullScores(count: number, degrees: number, scale: number): Float32Array {
  const normal = seededNormal(9);
  return Float32Array.from({ length: count }, () => {
    let sum = 0;
    for (let k = 0; k < degrees; k++) sum += normal() ** 2;
    return Math.sqrt(scale * sum);
  }).sort();
}

describe('the empirical null', () => {
  it('has the quantiles of χ² that scipy.stats.chi2.ppf gives', () => {
    expect(chiSquareQuantile(0.5, 1)).toBeCloseTo(0.454936423, 8);
    expect(chiSquareQuantile(0.5, 6)).toBeCloseTo(5.348120627, 8);
    expect(chiSquareQuantile(0.25, 4)).toBeCloseTo(1.922557526, 8);
    expect(chiSquareQuantile(0.999, 6)).toBeCloseTo(22.457744485, 6);
  });

  it('finds how much wider unchanged ground scores than theory says, though a fifth changed', () => {
    const scores = nullScores(20_000, 4, 3.9);
    const mixed = scores.map((score, i) => (i % 5 === 0 ? score + 30 : score)).sort();
    expect(fitEmpiricalNull(scores, 4).scale).toBeCloseTo(3.9, 0);
    expect(fitEmpiricalNull(mixed, 4).scale / 3.9).toBeLessThan(1.35);
  });

  it.each([1, 3, 8])('tells %i degrees of freedom from the quartiles', (degrees) => {
    const fit = fitEmpiricalNull(nullScores(40_000, degrees, 2));
    expect(Math.abs(fit.degrees / degrees - 1)).toBeLessThan(0.1);
    expect(nullTail(fit)(Math.sqrt(2 * chiSquareQuantile(0.95, degrees)))).toBeCloseTo(0.05, 2);
  });
});

describe('the threshold of a false discovery rate', () => {
  // The fifteen p-values of Benjamini & Hochberg 1995, §4: at 0.05 the first four are rejected.
  it('rejects what the authors reject', () => {
    const scores = [
      6.857513025, 6.401208953, 5.837538398, 5.175843135, 4.828282846, 4.667424093, 4.632012996, 4.557692892,
      4.403300591, 3.052852587, 2.776136539, 2.415147667, 2.215629789, 1.935748562, 0,
    ];
    const sorted = Float32Array.from(scores).sort();
    const value = falseDiscoveryThreshold(sorted, { scale: 2, degrees: 4 }, 0.05);
    expect(sorted.filter((score) => score > value)).toHaveLength(4);
  });

  it('keeps the share of false among the flagged near the rate', () => {
    const scores = nullScores(50_000, 4, 3);
    const changed = Float32Array.from({ length: 5_000 }, (_, i) => 15 + (i % 7));
    const { value } = chooseThreshold(Float32Array.from([...scores, ...changed]), 'fdr:0.05', {
      first: 'ki',
      least: 1,
      degrees: 4,
    });
    const wrong = scores.filter((score) => score > value).length;
    expect(changed.every((score) => score > value)).toBe(true);
    expect(wrong / (wrong + changed.length)).toBeLessThan(0.07);
  });

  it('flags nothing, or next to nothing, of pure noise', () => {
    const scores = nullScores(50_000, 4, 3);
    const { value } = chooseThreshold(scores, 'fdr:0.05', { first: 'ki', least: 1, degrees: 4 });
    expect(scores.filter((score) => score > value).length).toBeLessThan(10);
  });
});
