import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../detectors/accuracy.ts';
import { fitIsfa, isfaStatistic } from '../../detectors/isfa.ts';
import { plantedPair } from '../support/planted-pair.ts';

const count = 600;
/** Numbers in [0, 1) that any language makes alike. */
const hashed = (i: number, seed: number) => {
  const value = Math.sin(i * 12.9898 + seed * 78.233) * 43758.5453;
  return value - Math.floor(value);
};
const bell = (seed: number) => (i: number) =>
  hashed(i, seed) + hashed(i, seed + 0.1) + hashed(i, seed + 0.2) + hashed(i, seed + 0.3) - 2;
const band = (at: (i: number) => number) => Float32Array.from({ length: count }, (_, i) => at(i));
const before = [band(bell(1)), band((i) => 0.6 * bell(1)(i) + bell(2)(i)), band(bell(3))];
const gains = [1.5, 0.8, 1.1];
const offsets = [2, -1, 0.5];
const steps = [1.5, -1, 0.7];
const after = before.map((x, k) =>
  band((i) => gains[k] * x[i] + offsets[k] + 0.2 * bell(4 + k)(i) + (i < 30 ? steps[k] : 0)),
);

describe('iterated slow feature analysis', () => {
  // scipy.linalg.eigh(A, B) in the same iteration, weights scipy.stats.chi2.sf(T · 2.366 / median(T), 3); SciPy 1.10.
  it('agrees with scipy: λ and T', () => {
    const fit = fitIsfa(before, after)!;
    const lambda = [0.008279211, 0.022565846, 0.039111435];
    lambda.forEach((value, k) => {
      expect(Math.abs(fit.lambda[k] / value - 1)).toBeLessThan(1e-3);
    });
    const t = isfaStatistic(fit, before, after);
    [
      [0, 594.86476],
      [100, 0.9499538],
      [599, 1.1624114],
    ].forEach(([i, value]) => {
      expect(Math.abs(t[i] / value - 1)).toBeLessThan(1e-3);
    });
  });

  it('scores the planted change highest, through other gains and offsets', () => {
    const inBlock = (column: number, row: number) => column >= 40 && column < 60 && row >= 50 && row < 75;
    const gain = (k: number) => 0.6 + 0.2 * k;
    const { window, changed } = plantedPair({ seed: 11, side: 128, bands: 4, noise: 15, gain, changed: inBlock });
    const score = isfaStatistic(fitIsfa(window.before, window.after)!, window.before, window.after);
    expect(rocAuc(score, changed)).toBeGreaterThan(0.995);
  });

  it('settles, and does not end with a handful of samples as all that is unchanged', () => {
    const fit = fitIsfa(before, after)!;
    expect(fit.iterations).toBeLessThan(20);
    expect(fit.lambda[0]).toBeGreaterThan(0.005);
  });

  it('has nothing to say of constant images', () => {
    expect(fitIsfa([new Float32Array(50).fill(3)], [new Float32Array(50).fill(4)])).toBeNull();
  });
});
