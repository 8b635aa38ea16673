import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../detectors/accuracy.ts';
import { fitIrMad, irMadStatistic } from '../../detectors/irmad.ts';
import { plantedPair } from '../support/planted-pair.ts';
import { seededNormal } from '../support/random.ts';

const centralBlock = (column: number, row: number) => column >= 40 && column < 60 && row >= 50 && row < 75;
const planted = plantedPair({ seed: 11, side: 128, bands: 4, noise: 15, changed: centralBlock });
const { before, after } = planted.window;
const fit = fitIrMad(before, after)!;
const statistic = irMadStatistic(fit, before, after);

describe('IR-MAD on a linear pair with 3 % changed', () => {
  it('finds the unchanged almost perfectly correlated', () => {
    expect(Math.min(...fit.rho)).toBeGreaterThan(0.98);
    expect([...fit.rho]).toEqual([...fit.rho].sort((a, b) => b - a));
  });

  it('scores the planted change highest', () => {
    expect(rocAuc(statistic, planted.changed)).toBeGreaterThan(0.999);
  });

  it('converges in fewer iterations than it is allowed', () => {
    expect(fit.iterations).toBeLessThan(50);
  });

  it('does not change when each date is remixed linearly, however its bands are scaled and shifted', () => {
    const mixed = after.map((band, k) =>
      band.map((value, i) => (10 ** (k - 2) * (3 * value + 0.5 * after[(k + 1) % 4][i]) + 1000 * k) / 50),
    );
    const other = irMadStatistic(fitIrMad(before, mixed)!, before, mixed);
    const difference = statistic.map((t, i) => Math.abs(other[i] - t) / (1 + t));
    expect(Math.max(...difference)).toBeLessThan(0.01);
  });

  it('makes each pair of variates unit-variant and correlated by ρ on what did not change', () => {
    const unchanged = statistic.map((_, i) => i).filter((i) => planted.changed[i] === 0);
    for (let k = 0; k < 4; k++) {
      const variate = (bands: Float32Array[], weights: number[], means: number[]) =>
        Array.from(unchanged, (i) =>
          bands.reduce((sum, band, b) => sum + weights[b * 4 + k] * (band[i] - means[b]), 0),
        );
      const u = variate(before, fit.a, fit.meanBefore);
      const v = variate(after, fit.b, fit.meanAfter);
      const product = (p: number[], q: number[]) => p.reduce((sum, x, i) => sum + x * q[i], 0) / p.length;
      expect(product(u, u)).toBeGreaterThan(0.8);
      expect(product(u, u)).toBeLessThan(1.25);
      expect(product(u, v) / Math.sqrt(product(u, u) * product(v, v))).toBeCloseTo(fit.rho[k], 2);
    }
  });
});

describe('bands that say nothing', () => {
  const constant = before[0].map(() => 0.1);
  const noisy = (band: Float32Array, seed: number) => {
    const normal = seededNormal(seed);
    return band.map((value) => value + 15 * normal());
  };

  it('a constant band (an alpha channel) leaves the result as if it were not there', () => {
    const padded = [before[0], constant, ...before.slice(1)];
    const paddedAfter = [after[0], constant, ...after.slice(1)];
    const padFit = fitIrMad(padded, paddedAfter)!;
    expect(irMadStatistic(padFit, padded, paddedAfter)).toEqual(statistic);
  });

  it('a band constant on one date only, or a copy of another, is left out likewise', () => {
    const padded = [...before, before[1], noisy(before[0], 5)];
    const paddedAfter = [...after, after[1], constant];
    const padFit = fitIrMad(padded, paddedAfter)!;
    expect(irMadStatistic(padFit, padded, paddedAfter)).toEqual(statistic);
  });

  it('nothing but constants fits nothing', () => {
    expect(fitIrMad([constant, constant], [constant, constant])).toBeNull();
    expect(fitIrMad([new Float32Array(0)], [new Float32Array(0)])).toBeNull();
    expect(fitIrMad([Float32Array.of(7)], [Float32Array.of(9)])).toBeNull();
  });
});

it('identical images score next to nothing and nowhere NaN', () => {
  const same = irMadStatistic(fitIrMad(before, before)!, before, before);
  expect(Math.max(...same)).toBeLessThan(1e-6);
});
