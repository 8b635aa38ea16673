import { describe, expect, it } from 'vitest';
import { changeFeatures, featureMarginPx, type PairWindow } from '../../detectors/features.ts';
import { cropped, masked, plantedPair } from '../support/planted-pair.ts';

const side = 40;
const { window } = plantedPair({ seed: 8, side, bands: 3, noise: 30 });
const centres = [1000, 1000, 1000];
const holed = masked(window, (column, row) => (column * 7 + row * 3) % 5 !== 0 && !(column > 25 && row > 30));

/** Observed pixels of the neighbourhood of (column, row), with their offsets. */
function around({ width, height, mask }: PairWindow, column: number, row: number, radius: number) {
  const found: { i: number; dx: number; dy: number }[] = [];
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      const i = (row + dy) * width + column + dx;
      if (column + dx < 0 || row + dy < 0 || column + dx >= width || row + dy >= height || !mask[i]) continue;
      found.push({ i, dx, dy });
    }
  }
  return found;
}

function moments(values: Float32Array, near: { i: number }[]): { mean: number; deviation: number } {
  const mean = near.reduce((sum, { i }) => sum + values[i], 0) / near.length;
  const variance = near.reduce((sum, { i }) => sum + (values[i] - mean) ** 2, 0) / near.length;
  return { mean, deviation: Math.sqrt(variance) };
}

function eachObserved(of: PairWindow, check: (column: number, row: number, i: number) => void): void {
  of.mask.forEach((observed, i) => {
    if (observed) check(i % of.width, Math.floor(i / of.width), i);
  });
}

describe.each([
  ['fully observed', window],
  ['with holes', holed],
])('features of a window %s', (_name, of) => {
  const features = changeFeatures(of, centres, { red: 0, nearInfrared: 2 });

  it('the difference is the Gaussian mean of after less before over observed neighbours', () => {
    eachObserved(of, (column, row, i) => {
      let sum = 0;
      let weights = 0;
      for (const near of around(of, column, row, 3)) {
        const weight = Math.exp(-(near.dx ** 2 + near.dy ** 2) / 2);
        sum += weight * (of.after[1][near.i] - of.before[1][near.i]);
        weights += weight;
      }
      expect(Math.abs(features.difference[1][i] - sum / weights)).toBeLessThan(0.01);
    });
  });

  it('the texture is the change of the standard deviation of 5 × 5 observed neighbours', () => {
    eachObserved(of, (column, row, i) => {
      const near = around(of, column, row, 2);
      const expected = moments(of.after[2], near).deviation - moments(of.before[2], near).deviation;
      expect(Math.abs(features.texture[2][i] - expected)).toBeLessThan(0.05);
    });
  });

  it('greenness is the NDVI of the 5 × 5 mean after, 0 where negative', () => {
    eachObserved(of, (column, row, i) => {
      const near = around(of, column, row, 2);
      const [red, infrared] = [of.after[0], of.after[2]].map((band) => moments(band, near).mean);
      expect(features.greenAfter![i]).toBeCloseTo(Math.max(0, (infrared - red) / (infrared + red)), 4);
    });
  });
});

it('what unobserved pixels hold, NaN even, touches no observed one', () => {
  const poison = (band: Float32Array) => band.map((value, i) => (holed.mask[i] ? value : Number.NaN));
  const poisoned = { ...holed, before: holed.before.map(poison), after: holed.after.map(poison) };
  const clean = changeFeatures(holed, centres, null);
  const dirty = changeFeatures(poisoned, centres, null);
  eachObserved(holed, (_column, _row, i) => {
    for (let band = 0; band < 3; band++) {
      expect(dirty.difference[band][i]).toBe(clean.difference[band][i]);
      expect(dirty.texture[band][i]).toBe(clean.texture[band][i]);
    }
  });
});

it('a window cut with the margin round it has the features of the whole inside', () => {
  const whole = changeFeatures(holed, centres, null);
  const part = changeFeatures(cropped(holed, 10, 12, 20, 18), centres, null);
  const m = featureMarginPx;
  for (let y = m; y < 18 - m; y++) {
    for (let x = m; x < 20 - m; x++) {
      const i = (y + 12) * side + x + 10;
      if (!holed.mask[i]) continue;
      expect(part.difference[0][y * 20 + x]).toBeCloseTo(whole.difference[0][i], 3);
      expect(part.texture[0][y * 20 + x]).toBeCloseTo(whole.texture[0][i], 2);
    }
  }
});

it('has no greenness without red and near infrared', () => {
  expect(changeFeatures(window, centres, null).greenAfter).toBeNull();
});
