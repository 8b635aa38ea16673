import { describe, expect, it } from 'vitest';
import { type BandTie, fitNormalisation } from '../../detectors/normalisation.ts';
import { plantedPair } from '../support/planted-pair.ts';

const gain = (band: number) => 0.7 + 0.2 * band;
const offset = (band: number) => 150 - 100 * band;
const tenth = (column: number, row: number) => column >= 20 && column < 70 && row >= 10 && row < 43;

const planted = plantedPair({ seed: 3, side: 128, bands: 4, noise: 15, gain, offset, changed: tenth });

/** Largest error, over the range of the ground, of bringing a perfectly known after value back. */
function worstError({ gain: g, offset: o }: BandTie, band: number): number {
  const error = (ground: number) => Math.abs(g * (ground * gain(band) + offset(band)) + o - ground) / ground;
  return Math.max(...[600, 1000, 1500, 2200].map(error));
}

describe('with a tenth of the pixels changed', () => {
  const ties = fitNormalisation(planted.window.before, planted.window.after);

  it('the planted change is a tenth', () => {
    expect(planted.changed.reduce((sum, one) => sum + one, 0) / planted.changed.length).toBeCloseTo(0.1, 2);
  });

  it.each([0, 1, 2, 3])('band %i gets its planted gain and offset back to a hundredth', (band) => {
    expect(Math.abs(ties[band].gain * gain(band) - 1)).toBeLessThan(0.01);
    expect(worstError(ties[band], band)).toBeLessThan(0.01);
    expect(ties[band].by).toBe('pseudo-invariant');
  });

  it('the held-out error is no larger than the noise of both dates', () => {
    for (const { heldOutError, correlation } of ties) {
      expect(heldOutError).toBeGreaterThan(0);
      expect(heldOutError).toBeLessThan(15 * Math.SQRT2);
      expect(correlation).toBeGreaterThan(0.99);
    }
  });
});

it('dates in quite different units, digital numbers against reflectance, are tied as well', () => {
  const reflectance = planted.window.after.map((band) => band.map((value) => value / 10_000));
  const ties = fitNormalisation(planted.window.before, reflectance);
  ties.forEach((tie, band) => {
    expect(worstError({ ...tie, gain: tie.gain / 10_000 }, band)).toBeLessThan(0.01);
  });
});

it('identical images are tied by exactly gain 1 and offset 0', () => {
  for (const tie of fitNormalisation(planted.window.before, planted.window.before)) {
    expect([tie.gain, tie.offset, tie.heldOutError]).toEqual([1, 0, 0]);
  }
});

it('a band that runs backwards is matched by mean and spread, with a gain above 0', () => {
  const inverted = planted.window.before.map((band, k) => (k === 2 ? band.map((value) => 5000 - 2 * value) : band));
  const ties = fitNormalisation(planted.window.before, inverted);
  expect(ties.map((tie) => tie.by)).toEqual(['pseudo-invariant', 'pseudo-invariant', 'spread', 'pseudo-invariant']);
  expect(ties[2].gain).toBeCloseTo(0.5, 2);
});

describe('samples that hardly say anything give finite ties', () => {
  const flat = (value: number) => new Float32Array(2000).fill(value);

  it('constant bands keep their gain and move by the difference', () => {
    const [tie] = fitNormalisation([flat(7)], [flat(9)]);
    expect([tie.gain, tie.offset]).toEqual([1, -2]);
  });

  it.each([0, 1, 2, 3, 10])('%i samples', (count) => {
    const few = (bands: Float32Array[]) => bands.map((band) => band.slice(0, count));
    for (const tie of fitNormalisation(few(planted.window.before), few(planted.window.after))) {
      for (const value of [tie.gain, tie.offset, tie.correlation, tie.heldOutError]) expect(value).not.toBeNaN();
    }
  });
});
