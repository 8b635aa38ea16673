import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../detectors/accuracy.ts';
import { featureMarginPx, type PairWindow } from '../../detectors/features.ts';
import { applyTies, type ChangeModel, fitChangeModel, scoreWindow } from '../../detectors/model.ts';
import { cropped, masked, plantedPair } from '../support/planted-pair.ts';
import { seededNormal } from '../support/random.ts';

const side = 160;
const inBlock = (column: number, row: number) => column >= 60 && column < 90 && row >= 70 && row < 100;
const gain = (band: number) => 0.6 + 0.2 * band;
const offset = (band: number) => 90 * band;
const planted = plantedPair({ seed: 21, side, bands: 4, noise: 20, gain, offset, changed: inBlock });
const { window } = planted;

/** How far inside (> 0) or outside (< 0) the planted block a pixel lies, px. */
const depth = (column: number, row: number) => Math.min(column - 59.5, 89.5 - column, row - 69.5, 99.5 - row);

function flagged(model: ChangeModel, of: PairWindow): Uint8Array {
  return Uint8Array.from(scoreWindow(model, of), (score) => (score > model.threshold.value ? 1 : 0));
}

const count = (pixels: Uint8Array) => pixels.reduce((sum, pixel) => sum + pixel, 0);

/** The share of a pair's observed pixels that its own model calls changed. */
function flaggedShare(of: PairWindow, method: ChangeModel['method']): number {
  return count(flagged(fitChangeModel([of], method, null), of)) / count(of.mask);
}

const withAfter = (after: Float32Array[]): PairWindow => ({ ...window, after });
const { before } = window;

describe.each(['cva', 'irmad', 'isfa', 'pca-kmeans'] as const)('method %s', (method) => {
  const model = fitChangeModel([window], method, null);
  const score = scoreWindow(model, window);

  it('scores the planted change above everything else, through other gains and offsets', () => {
    expect(rocAuc(score, planted.changed)).toBeGreaterThan(0.99);
  });

  it('flags the inside of the planted block and next to nothing beyond its rim', () => {
    let inside = 0;
    let missed = 0;
    let false_ = 0;
    flagged(model, window).forEach((found, i) => {
      const d = depth(i % side, Math.floor(i / side));
      if (d > 3) {
        inside++;
        if (!found) missed++;
      }
      if (d < -4 && found) false_++;
    });
    expect(missed / inside).toBeLessThan(0.02);
    expect(false_ / score.length).toBeLessThan(0.005);
  });

  it('is plain data: the same again, and the same after a journey as JSON', () => {
    expect(fitChangeModel([window], method, null)).toEqual(model);
    expect(scoreWindow(JSON.parse(JSON.stringify(model)), window)).toEqual(score);
  });

  it('scores a pixel alike whether its window is whole or cut in halves with the margin round them', () => {
    const half = side / 2;
    const left = scoreWindow(model, cropped(window, 0, 0, half + featureMarginPx, side));
    const right = scoreWindow(model, cropped(window, half - featureMarginPx, 0, half + featureMarginPx, side));
    const width = half + featureMarginPx;
    score.forEach((whole, i) => {
      const column = i % side;
      const line = Math.floor(i / side) * width;
      const part = column < half ? left[line + column] : right[line + column - half + featureMarginPx];
      expect(Math.abs(part - whole)).toBeLessThanOrEqual(1e-3 * whole);
    });
  });

  it('is NaN exactly where a date did not observe, and what stands there does not matter', () => {
    const holed = masked(window, (column, row) => (column + row) % 11 !== 0 && column < 150);
    const poison = (band: Float32Array) => band.map((value, i) => (holed.mask[i] ? value : Number.NaN));
    const poisoned = { ...holed, before: holed.before.map(poison), after: holed.after.map(poison) };
    const holedModel = fitChangeModel([poisoned], method, null);
    expect(holedModel).toEqual(fitChangeModel([holed], method, null));
    const scores = scoreWindow(holedModel, poisoned);
    expect(scores).toEqual(scoreWindow(holedModel, holed));
    expect(Uint8Array.from(scores, (s) => (Number.isNaN(s) ? 0 : 1))).toEqual(holed.mask);
  });

  it('finds what changed outside the sample it was fitted on', () => {
    const sampled = fitChangeModel([cropped(window, 0, 0, side, 60), cropped(window, 0, 110, side, 50)], method, null);
    const found = flagged(sampled, window).filter((_, i) => depth(i % side, Math.floor(i / side)) > 3);
    expect(count(found) / found.length).toBeGreaterThan(0.98);
  });

  it('looks past an alpha channel', () => {
    const alpha = before[0].map(() => 255);
    const rgba = { ...window, before: [...before, alpha], after: [...window.after, alpha] };
    expect(rocAuc(scoreWindow(fitChangeModel([rgba], method, null), rgba), planted.changed)).toBeGreaterThan(0.99);
  });

  describe('calls nothing changed', () => {
    const normal = seededNormal(5);
    const flat = (value: number) => before.map((band) => band.map(() => value));

    it('between identical images', () => expect(flaggedShare(withAfter(before), method)).toBe(0));

    it('between an image and itself in other units, whatever the rounding', () => {
      const scaled = before.map((band, k) => band.map((value) => (value * gain(k) + 500) / 10_000));
      expect(flaggedShare(withAfter(scaled), method)).toBe(0);
    });

    it('between constant images, alike or not', () => {
      expect(flaggedShare({ ...window, before: flat(0.1), after: flat(0.1) }, method)).toBe(0);
      expect(flaggedShare({ ...window, before: flat(0.1), after: flat(0.3) }, method)).toBe(0);
    });

    it('but one in a hundred between two looks at the same ground', () => {
      const noisy = before.map((band) => band.map((value) => value + 60 * normal()));
      expect(flaggedShare(withAfter(noisy), method)).toBeLessThan(0.01);
      expect(flaggedShare({ ...withAfter([noisy[0]]), before: [before[0]] }, method)).toBeLessThan(0.01);
    });

    it('where nothing, or a single pixel, was observed', () => {
      const blind = masked(window, () => false);
      const nothing = fitChangeModel([blind], method, null);
      expect(scoreWindow(nothing, blind).every(Number.isNaN)).toBe(true);
      expect(JSON.stringify(nothing)).not.toContain('null,null');
      for (const tie of nothing.ties) expect(Number.isFinite(tie.offset)).toBe(true);
      expect(
        flaggedShare(
          masked(window, (column, row) => column === 3 && row === 3),
          method,
        ),
      ).toBe(0);
    });
  });
});

it('the tied after image has the radiometry of the before image', () => {
  const { ties } = fitChangeModel([window], 'cva', null);
  const tied = applyTies(window, ties);
  tied.after.forEach((band, k) => {
    const unchanged = band.filter((_, i) => planted.changed[i] === 0);
    const reference = before[k].filter((_, i) => planted.changed[i] === 0);
    const error = unchanged.reduce((sum, value, i) => sum + (value - reference[i]), 0) / unchanged.length;
    expect(Math.abs(error)).toBeLessThan(5);
  });
});

it('a texture that came counts as change where the mean colour stayed', () => {
  const { window: plain } = plantedPair({ seed: 23, side, bands: 4, noise: 20 });
  const sown = (band: Float32Array) =>
    band.map((value, i) => value + (inBlock(i % side, Math.floor(i / side)) ? (i % 2 ? 100 : -100) : 0));
  const pair = { ...plain, after: plain.after.map(sown) };
  expect(rocAuc(scoreWindow(fitChangeModel([pair], 'cva', null), pair), planted.changed)).toBeGreaterThan(0.95);
});

it('a few saturated pixels do not blunt the score of the others', () => {
  const { window: plain } = plantedPair({ seed: 22, side, bands: 4, noise: 20, changed: inBlock });
  const saturate = (band: Float32Array) =>
    band.map((value, i) => (i % side < 8 && i < 8 * side ? 65_000 + (value % 10) : value));
  const pair = { ...plain, before: plain.before.map(saturate), after: plain.after.map(saturate) };
  const middle = 85 * side + 75;
  const score = (of: PairWindow) => scoreWindow(fitChangeModel([of], 'cva', null), of)[middle];
  expect(score(pair) / score(plain)).toBeGreaterThan(0.9);
});

it('ground that ends green loses up to half of its score, other ground none', () => {
  const plain = fitChangeModel([window], 'cva', null);
  const green = { ...plain, vegetation: { red: 0, nearInfrared: 3 } };
  const ratio = (after: number[]) => {
    const flat = (values: number[]) => values.map((value) => new Float32Array(81).fill(value));
    const patch = {
      width: 9,
      height: 9,
      before: flat([800, 800, 800, 800]),
      after: flat(after),
      mask: new Uint8Array(81).fill(1),
    };
    const untied = {
      ...patch,
      after: patch.after.map((band, k) => band.map((v) => (v - plain.ties[k].offset) / plain.ties[k].gain)),
    };
    return scoreWindow(green, untied)[40] / scoreWindow(plain, untied)[40];
  };
  expect(ratio([200, 500, 500, 1800])).toBeCloseTo(1 - 0.5 * 0.8, 3);
  expect(ratio([1500, 500, 500, 1000])).toBe(1);
});
