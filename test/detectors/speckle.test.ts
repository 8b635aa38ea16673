import { describe, expect, it } from 'vitest';
import { grainOf, isSpeckled } from '../../detectors/speckle.ts';
import { plantedPair } from '../support/planted-pair.ts';
import { speckledPair } from '../support/speckled-pair.ts';

const side = 128;
const mask = new Uint8Array(side * side).fill(1);
const never = () => false;

describe('the grain of an image', () => {
  // Amplitude speckle of L looks has a coefficient of variation of about 0.523 / √L (Ulaby & Dobson).
  it.each([1, 2, 4, 9])('of %i looks is speckle, and as coarse as theory says', (looks) => {
    const { window } = speckledPair({ seed: 8, side, looks: [looks, looks], step: 1, changed: never });
    const grain = grainOf(window.before[0], mask, side)!;
    expect(grain.median * Math.sqrt(looks)).toBeGreaterThan(0.45);
    expect(grain.median * Math.sqrt(looks)).toBeLessThan(0.6);
    expect(isSpeckled(grain)).toBe(true);
  });

  it('of fields under sensor noise is not', () => {
    const { window } = plantedPair({ seed: 2, side, bands: 1, noise: 30 });
    expect(isSpeckled(grainOf(window.before[0], mask, side))).toBe(false);
  });

  it('of coarse texture in smooth ground is not', () => {
    const { window } = speckledPair({ seed: 8, side, looks: [2, 2], step: 1, changed: never });
    const town = window.before[0].map((value, i) => (i % side < side / 2 ? value : 90 + (value % 3)));
    expect(isSpeckled(grainOf(town, mask, side))).toBe(false);
  });

  it('is unknown where little is seen', () => {
    expect(grainOf(new Float32Array(side * side).fill(5), new Uint8Array(side * side), side)).toBeNull();
    expect(isSpeckled(null)).toBe(false);
  });
});
