import { describe, expect, it } from 'vitest';
import { fitPcaKMeans, pcaKMeansScore } from '../../detectors/pca-kmeans.ts';
import { masked, plantedPair } from '../support/planted-pair.ts';

const side = 120;
const inBlock = (column: number, row: number) => column >= 40 && column < 70 && row >= 50 && row < 80;
const { window, changed } = plantedPair({ seed: 31, side, bands: 4, noise: 20, changed: inBlock });

describe('PCA and k-means', () => {
  const fit = fitPcaKMeans([window])!;
  const score = pcaKMeansScore(fit, window);

  it('parts the planted block from the rest where the two centres have equal distance', () => {
    let wrong = 0;
    score.forEach((value, i) => {
      const found = value > fit.boundary! ? 1 : 0;
      const rim = Math.abs((i % side) - 54.5) < 18 && Math.abs(Math.floor(i / side) - 64.5) < 18;
      if (found !== changed[i] && (!rim || changed[i] === 1)) wrong++;
    });
    expect(wrong / score.length).toBeLessThan(0.01);
  });

  it('weighs its 4 × 4 pixels positively, together 1', () => {
    expect(fit.weights).toHaveLength(16);
    expect(fit.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(Math.min(...fit.weights)).toBeGreaterThan(0);
  });

  it('takes unobserved neighbours to be like the pixel itself: a flat difference keeps its length at any rim', () => {
    const flat = (value: number) => [new Float32Array(100).fill(value)];
    const pair = { width: 10, height: 10, before: flat(0), after: flat(7), mask: new Uint8Array(100).fill(1) };
    const holed = masked(pair, (column, row) => column !== 3 && row !== 8);
    const simple = { ...fit, deviation: [2], centre: [1] };
    pcaKMeansScore(simple, holed).forEach((value, i) => {
      if (holed.mask[i]) expect(value).toBeCloseTo(3, 5);
    });
  });

  it('finds no cluster where nothing changed', () => {
    const same = plantedPair({ seed: 32, side, bands: 4, noise: 20 }).window;
    const quiet = fitPcaKMeans([same])!;
    const reached = pcaKMeansScore(quiet, same).filter((value) => value > 8).length;
    expect(reached).toBe(0);
  });

  it('has nothing to say of constant images', () => {
    const flat = [new Float32Array(100).fill(3)];
    expect(
      fitPcaKMeans([{ width: 10, height: 10, before: flat, after: flat, mask: new Uint8Array(100).fill(1) }]),
    ).toBeNull();
  });
});
