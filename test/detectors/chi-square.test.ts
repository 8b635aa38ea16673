import { describe, expect, it } from 'vitest';
import { chiSquareTail, chiSquareTailTable } from '../../detectors/chi-square.ts';

/** Degrees, x and P(X > x), from scipy 1.10's chi2.sf. */
const tails: [number, number, number][] = [
  [1, 3.841458820694124, 0.05],
  [1, 0.001, 0.9747728793699604],
  [1, 40, 2.5396285894708634e-10],
  [3, 0.5, 0.9188914116546758],
  [3, 50, 7.989179244951495e-11],
  [5, 4.3, 0.5070798859434595],
  [6, 100, 2.509303552201055e-19],
  [7, 7, 0.42887985755305486],
  [10, 0.1, 0.9999999975020487],
  [12, 30, 0.0027924293327009145],
];

/** Degrees, probability and quantile, from scipy 1.10's chi2.ppf. */
const quantiles: [number, number, number][] = [
  [1, 0.5, 0.454936423119572],
  [1, 0.95, 3.841458820694124],
  [3, 1e-4, 0.005214832329027977],
  [4, 0.5, 3.3566939800333224],
  [5, 0.99, 15.08627246938899],
  [6, 0.95, 12.591587243743977],
  [12, 0.999, 32.90949040736021],
];

describe('the tail of χ²', () => {
  it.each(tails)('of %i degrees above %f is %d, in the farthest tail, too', (degrees, x, tail) => {
    expect(chiSquareTail(x, degrees) / tail).toBeCloseTo(1, 9);
  });

  it('of two and four degrees is the closed form', () => {
    for (let x = 0.01; x < 200; x *= 1.3) {
      expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 11);
      expect(chiSquareTail(x, 4) / (Math.exp(-x / 2) * (1 + x / 2))).toBeCloseTo(1, 11);
    }
  });

  it('is 1 at 0 and below, and 0 at infinity', () => {
    expect(chiSquareTail(0, 6)).toBe(1);
    expect(chiSquareTail(-3, 6)).toBe(1);
    expect(chiSquareTail(Infinity, 6)).toBe(0);
  });
});

describe.each([1, 2, 4, 6, 13])('the table of %i degrees', (degrees) => {
  const table = chiSquareTailTable(degrees);

  it('errs by less than 1e-5 anywhere', () => {
    for (let x = 1e-6; x < 300; x *= 1.003) expect(Math.abs(table(x) - chiSquareTail(x, degrees))).toBeLessThan(1e-5);
  });

  it('is 1 at 0 and 0 far out', () => {
    expect(table(0)).toBe(1);
    expect(table(1e9)).toBe(0);
    expect(table(Infinity)).toBe(0);
  });
});

it.each(quantiles)('with %i degrees a share of %d lies below %f', (degrees, probability, x) => {
  expect(1 - chiSquareTail(x, degrees)).toBeCloseTo(probability, 9);
});
