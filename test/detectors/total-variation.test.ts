import { describe, expect, it } from 'vitest';
import { smoothTotalVariation } from '../../detectors/total-variation.ts';
import { seededNormal } from '../support/random.ts';

const all = (count: number) => new Uint8Array(count).fill(1);

describe('smoothing by total variation', () => {
  it('agrees with the same iteration written in numpy', () => {
    const values = Float32Array.from({ length: 48 }, (_, j) => Math.sin(1.3 * j) + (j % 8 > 3 ? 3 : 0));
    const smooth = smoothTotalVariation(values, all(48), 8, { lambda: 1.8, iterations: 24 });
    const reference = [
      [0, 0.35502831],
      [2 * 8 + 3, 0.552103456],
      [2 * 8 + 4, 2.399461388],
      [5 * 8 + 7, 2.659454637],
    ];
    for (const [i, value] of reference) expect(smooth[i]).toBeCloseTo(value, 5);
  });

  it('flattens noise and leaves an edge where it is', () => {
    const side = 40;
    const normal = seededNormal(3);
    const values = Float32Array.from({ length: side * side }, (_, i) => (i % side < 20 ? 0 : 6) + normal());
    const smooth = smoothTotalVariation(values, all(side * side), side, { lambda: 2, iterations: 24 });
    const off = smooth.filter((value, i) => Math.abs(value - (i % side < 20 ? 0 : 6)) > 1.5).length;
    expect(off).toBeLessThan(side);
  });

  it('lets nothing cross unobserved pixels', () => {
    const values = Float32Array.from({ length: 30 }, (_, i) => (i % 10 < 5 ? 1 : 9));
    const mask = Uint8Array.from({ length: 30 }, (_, i) => (i % 10 === 5 ? 0 : 1));
    const smooth = smoothTotalVariation(values, mask, 10, { lambda: 3, iterations: 24 });
    smooth.forEach((value, i) => {
      if (mask[i]) expect(value).toBeCloseTo(values[i], 5);
    });
  });
});
