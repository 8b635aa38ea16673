import { describe, expect, it } from 'vitest';
import { type Confusion, kappa, rocAuc } from '../../detectors/accuracy.ts';
import type { PairWindow } from '../../detectors/features.ts';
import { logRatioMarginPx } from '../../detectors/log-ratio.ts';
import { applyTies, fitChangeModel, fitTies, scoreWindow } from '../../detectors/model.ts';
import { cropped, masked } from '../support/planted-pair.ts';
import { speckledPair } from '../support/speckled-pair.ts';

const side = 160;
const inBlock = (column: number, row: number) => column >= 50 && column < 90 && row >= 40 && row < 70;
const made = (looks: [number, number], step: number, bands = 1) =>
  speckledPair({ seed: 5, side, bands, looks, step, changed: inBlock });

function agreement({ window, changed }: { window: PairWindow; changed: Uint8Array }): number {
  const model = fitChangeModel([window], 'log-ratio', null);
  const confusion: Confusion = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
  scoreWindow(model, window).forEach((score, i) => {
    const found = score > model.threshold.value;
    if (changed[i]) confusion[found ? 'truePositive' : 'falseNegative']++;
    else confusion[found ? 'falsePositive' : 'trueNegative']++;
  });
  return kappa(confusion);
}

describe('the log-ratio of two speckled images, at its own threshold', () => {
  it.each([
    { looks: [4, 4] as [number, number], step: 4, least: 0.95 },
    { looks: [4, 4] as [number, number], step: 0.25, least: 0.95 },
    { looks: [12, 4] as [number, number], step: 3, least: 0.9 },
    { looks: [1, 1] as [number, number], step: 6, least: 0.85 },
  ])('finds a block $step times as bright under $looks looks: κ ≥ $least', ({ looks, step, least }) => {
    expect(agreement(made(looks, step))).toBeGreaterThanOrEqual(least);
  });

  it('calls next to nothing changed where only the speckle differs', () => {
    for (const looks of [1, 4, 12]) {
      const { window } = made([looks, looks], 1);
      const model = fitChangeModel([window], 'log-ratio', null);
      const share = scoreWindow(model, window).filter((score) => score > model.threshold.value).length / side ** 2;
      expect(share).toBeLessThan(0.005);
    }
  });

  it('calls nothing changed between identical, between constant and between unobserved images', () => {
    const { window } = made([4, 4], 4);
    const flat = (value: number) => [new Float32Array(side * side).fill(value)];
    for (const pair of [
      { ...window, after: window.before },
      { ...window, before: flat(3), after: flat(9) },
      masked(window, () => false),
    ]) {
      const model = fitChangeModel([pair], 'log-ratio', null);
      expect(scoreWindow(model, pair).some((score) => score > model.threshold.value)).toBe(false);
    }
  });

  it('gains from a second polarisation', () => {
    const [one, two] = [made([1, 1], 2, 1), made([1, 1], 2, 2)].map(({ window, changed }) =>
      rocAuc(scoreWindow(fitChangeModel([window], 'log-ratio', null), window), changed),
    );
    expect(two).toBeGreaterThan(one);
  });
});

describe('the log-ratio', () => {
  const { window } = made([4, 4], 4);
  const model = fitChangeModel([window], 'log-ratio', null);
  const score = scoreWindow(model, window);

  it('is the same for decibels as for the numbers they come from, but for dark counts', () => {
    const decibels = (bands: Float32Array[]) => bands.map((band) => band.map((value) => 20 * Math.log10(value / 400)));
    const lit = {
      ...window,
      before: window.before.map((b) => b.map((v) => v + 1)),
      after: window.after.map((b) => b.map((v) => v + 1)),
    };
    const pair = { ...lit, before: decibels(lit.before), after: decibels(lit.after) };
    const ofDecibels = scoreWindow(fitChangeModel([pair], 'log-ratio', null), pair);
    const ofNumbers = scoreWindow(fitChangeModel([lit], 'log-ratio', null), lit);
    const off = ofDecibels.filter((value, i) => Math.abs(value - ofNumbers[i]) > 0.1 * (1 + ofNumbers[i])).length;
    expect(off / ofDecibels.length).toBeLessThan(0.01);
  });

  it('does not change when one image is brighter by a factor', () => {
    const brighter = { ...window, after: window.after.map((band) => band.map((value) => 3 * value)) };
    const other = scoreWindow(fitChangeModel([brighter], 'log-ratio', null), brighter);
    expect(Math.max(...other.map((value, i) => Math.abs(value - score[i])))).toBeLessThan(1e-3);
    expect(fitTies([brighter], false, 'log-ratio')[0].offset).toBe(0);
  });

  it('scores a pixel alike whether its window is whole or cut with the margin round it', () => {
    const half = side / 2;
    const m = logRatioMarginPx;
    const left = scoreWindow(model, cropped(window, 0, 0, half + m, side));
    for (let i = 0; i < score.length; i++) {
      const column = i % side;
      if (column < half) expect(left[Math.floor(i / side) * (half + m) + column]).toBeCloseTo(score[i], 4);
    }
  });

  it('is NaN exactly where a date did not observe, and what stands there does not matter', () => {
    const holed = masked(window, (column, row) => (column + row) % 11 !== 0 && column < 150);
    const poison = (band: Float32Array) => band.map((value, i) => (holed.mask[i] ? value : Number.NaN));
    const poisoned = { ...holed, before: holed.before.map(poison), after: holed.after.map(poison) };
    const fitted = fitChangeModel([poisoned], 'log-ratio', null);
    expect(fitted).toEqual(fitChangeModel([holed], 'log-ratio', null));
    const scores = scoreWindow(fitted, poisoned);
    expect(Uint8Array.from(scores, (value) => (Number.isNaN(value) ? 0 : 1))).toEqual(holed.mask);
  });

  it('compares a grey image that is stored as colour once', () => {
    const grey = (bands: Float32Array[]) => [bands[0], bands[0].slice(), bands[0].slice()];
    const colour = { ...window, before: grey(window.before), after: grey(window.after) };
    const fitted = fitChangeModel([colour], 'log-ratio', null);
    expect(fitted.logRatio!.bands).toEqual([0]);
    expect(scoreWindow(fitted, colour)).toEqual(score);
  });

  it('ties the dates by one factor', () => {
    const tied = applyTies(window, model.ties);
    const ratios = tied.after[0]
      .map((value, i) => value / window.before[0][i])
      .filter(Number.isFinite)
      .sort();
    expect(ratios[ratios.length >> 1]).toBeCloseTo(1, 3);
  });
});
