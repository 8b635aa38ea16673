import { describe, expect, it } from 'vitest';
import { fitIndexRule, indexScore, missingRoles } from '../../detectors/index-rules.ts';
import { fitChangeModel, scoreWindow } from '../../detectors/model.ts';
import type { BandRole } from '../../imagery/scene.ts';
import { seededNormal } from '../support/random.ts';

const roles: BandRole[] = ['B', 'G', 'R', 'N'];
const side = 60;
const normal = seededNormal(4);
const noisy = (level: number) => Float32Array.from({ length: side * side }, () => level + 15 * normal());
const cleared = (i: number) => i % side > 20 && i % side < 30 && i > side * 20 && i < side * 30;
/** Fields at NDVI 0.6, of which some are bare (NDVI 0) on the second date. */
const before = [noisy(500), noisy(900), noisy(600), noisy(2400)];
const after = [noisy(500), noisy(900), noisy(600), noisy(2400)].map((band, k) =>
  band.map((value, i) => (cleared(i) ? [800, 1000, 1500, 1500][k] : value)),
);
const window = { width: side, height: side, before, after, mask: new Uint8Array(side * side).fill(1) };

describe('the change of an index', () => {
  it('is the difference of normalised differences, in spreads', () => {
    const rule = { name: 'ndvi' as const, plus: [3], minus: [2], centre: 0.1, deviation: 0.05 };
    const one = (values: number[]) => values.map((value) => Float32Array.of(value));
    const pixel = { width: 1, height: 1, before: one([0, 0, 1, 3]), after: one([0, 0, 2, 2]), mask: Uint8Array.of(1) };
    expect(indexScore(rule, pixel)[0]).toBeCloseTo(Math.abs(0 - 0.5 - 0.1) / 0.05, 4);
  });

  it('takes sums of bands: bare soil is ((S1 + R) − (N + B)) / (S1 + R + N + B)', () => {
    const rule = fitIndexRule(
      [{ ...window, before: [...before, noisy(1800)], after: [...after, noisy(1800)] }],
      'bsi',
      [...roles, 'S1'],
    )!;
    expect([rule.plus, rule.minus]).toEqual([
      [4, 2],
      [3, 0],
    ]);
  });

  it('finds fields that lost their green, and nothing else', () => {
    const model = fitChangeModel([window], 'index:ndvi', null, true, { roles });
    scoreWindow(model, window).forEach((score, i) => {
      if (cleared(i)) expect(score).toBeGreaterThan(model.threshold.value);
    });
    const wrong = scoreWindow(model, window).filter((score, i) => !cleared(i) && score > model.threshold.value).length;
    expect(wrong / side ** 2).toBeLessThan(0.02);
  });

  it('wants its bands', () => {
    expect(missingRoles('ndbi', roles)).toEqual(['S1']);
    expect(fitIndexRule([window], 'ndbi', roles)).toBeNull();
  });

  it('is 0 where both bands are 0 on both dates', () => {
    const none = {
      width: 1,
      height: 1,
      before: roles.map(() => Float32Array.of(0)),
      after: roles.map(() => Float32Array.of(0)),
      mask: Uint8Array.of(1),
    };
    expect(indexScore({ name: 'ndvi', plus: [3], minus: [2], centre: 0, deviation: 1 }, none)[0]).toBe(0);
  });
});
