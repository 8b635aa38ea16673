import { describe, expect, it } from 'vitest';
import { typeOf } from '../../detectors/change-type.ts';
import { darkestOf, hazeOf } from '../../detectors/haze.ts';
import { cropsGone, fieldsTaken } from '../fixtures/reference-spectra.ts';
import { type ChangeSample, changeSamples } from '../support/ground-samples.ts';

const bands = { blue: 0, green: 1, red: 2, nearInfrared: 3, shortWave: null };
/** What clear air adds in blue, green, red and near infrared (Sentinel-2 above the air), as reflectance. */
const air = [0.068, 0.042, 0.022, 0.01];

const samples = [...changeSamples(fieldsTaken, 600, 4), ...changeSamples(cropsGone, 150, 5)];

function shareRight(some: readonly ChangeSample[], taken: readonly number[]): number {
  const right = some.filter(({ truth, colours, shape, pixelM }) => {
    const seen = (values: readonly number[]) => air.map((added, band) => values[band] + added - taken[band]);
    const above = { before: seen(colours.before), after: seen(colours.after), bands, reflectance: true };
    return typeOf(above, shape, pixelM).type === truth;
  });
  return right.length / some.length;
}

describe('air over the ground', () => {
  it('is told from the darkest pixels, those that are not observed aside', () => {
    const value = (i: number) => (i < 20 ? 700 + i : 1500 + i);
    const band = Float32Array.from({ length: 2000 }, (_, i) => (i >= 1990 ? 0 : value(i)));
    const mask = Uint8Array.from({ length: 2000 }, (_, i) => (i >= 1990 ? 0 : 1));
    const window = { width: 50, height: 40, before: [band], after: [band], mask };
    expect(darkestOf([window])![0]).toBeCloseTo(709, -1);
    expect(darkestOf([{ ...window, mask: new Uint8Array(2000) }])).toBeNull();
    expect(darkestOf([])).toBeNull();
  });

  it('hides what the ground became; taken off as far as dark pixels tell it, three of four types are right', () => {
    const darkest = air.map((added, band) => added + [0.02, 0.02, 0.015, 0.02][band]);
    const haze = hazeOf(darkest, bands, true);
    const [before, after] = [shareRight(samples, [0, 0, 0, 0]), shareRight(samples, haze)];
    expect(after).toBeGreaterThan(0.72);
    expect(after).toBeGreaterThan(before + 0.06);
  });

  it('is no more in red and infrared than in blue allows, where nothing in the image is dark', () => {
    const [blue, green, red, infrared] = hazeOf([0.06, 0.09, 0.15, 0.2], bands, true);
    expect(blue).toBeCloseTo(0.05);
    expect([green / blue, red / blue, infrared / blue]).toEqual([0.8, 0.65, 0.35]);
  });

  it('is three quarters of the darkest count, where counts have no scale', () => {
    expect(hazeOf([80, 40, 20, 8], bands, false)).toEqual([60, 30, 15, 6]);
  });

  it('is not guessed without a blue band', () => {
    expect(hazeOf([0.05, 0.05, 0.05, 0.05], { ...bands, blue: null }, true)).toEqual([0, 0, 0, 0]);
  });
});
