import { describe, expect, it } from 'vitest';
import { fitWhitening, squaredDistances } from '../../detectors/distance.ts';
import { seededNormal, seededRandom } from '../support/random.ts';

/** Normal deviates about (100, −20, 5) with deviations 10, 2 and 0.5; the first two correlate by 0.6. */
function body(seed: number, count: number): Float32Array[] {
  const normal = seededNormal(seed);
  const sample = [0, 1, 2].map(() => new Float32Array(count));
  for (let i = 0; i < count; i++) {
    const common = normal();
    sample[0][i] = 100 + 10 * common;
    sample[1][i] = -20 + 2 * (0.6 * common + 0.8 * normal());
    sample[2][i] = 5 + 0.5 * normal();
  }
  return sample;
}

/** The body with every n-th sample thrown far out, all to the same side. */
function withOutliers(sample: Float32Array[], share: number): { sample: Float32Array[]; outlying: Uint8Array } {
  const random = seededRandom(77);
  const outlying = Uint8Array.from(sample[0], () => (random() < share ? 1 : 0));
  const away = [80, 25, 4];
  return { sample: sample.map((values, k) => values.map((value, i) => value + outlying[i] * away[k])), outlying };
}

const count = 30_000;
const clean = body(1, count);
/** Least deviations of up to three dimensions: rounding plays no part. */
const none = [0, 0, 0];

describe('the whitening of a normal body', () => {
  const whitening = fitWhitening(clean, none)!;

  it('centres on its medians', () => {
    expect(Math.abs(whitening.centre[0] - 100)).toBeLessThan(0.3);
    expect(Math.abs(whitening.centre[1] + 20)).toBeLessThan(0.06);
    expect(Math.abs(whitening.centre[2] - 5)).toBeLessThan(0.015);
  });

  it('is 0 at the centre and quadruples at twice the distance', () => {
    const at = (steps: number) => whitening.centre.map((c, k) => Float32Array.of(c + steps * [10, 2, 0.5][k]));
    expect(squaredDistances(whitening, at(0))[0]).toBeLessThan(1e-4);
    expect(squaredDistances(whitening, at(2))[0] / squaredDistances(whitening, at(1))[0]).toBeCloseTo(4, 3);
  });

  it('weighs a step of one deviation alike in every band, whatever its unit', () => {
    const step = (band: number, size: number) =>
      squaredDistances(
        whitening,
        whitening.centre.map((c, k) => Float32Array.of(k === band ? c + size : c)),
      )[0];
    expect(step(0, 10) / step(1, 2)).toBeCloseTo(1, 1);
    expect(step(2, 0.5) / step(1, 2)).toBeLessThan(1.05);
    expect(step(2, 0.5) / step(1, 2)).toBeGreaterThan(0.75);
  });

  it('distances do not depend on how many are asked for at once', () => {
    const all = squaredDistances(whitening, clean);
    const some = squaredDistances(
      whitening,
      clean.map((values) => values.subarray(5_000, 9_999)),
    );
    expect(some).toEqual(all.subarray(5_000, 9_999));
  });
});

describe('8 % outliers', () => {
  const dirty = withOutliers(clean, 0.08);
  const whitening = fitWhitening(dirty.sample, none)!;
  const reference = fitWhitening(clean, none)!;

  it('barely move the centre', () => {
    [10, 2, 0.5].forEach((deviation, k) => {
      expect(Math.abs(whitening.centre[k] - reference.centre[k])).toBeLessThan(0.1 * deviation);
    });
  });

  it('barely widen the distances of the body', () => {
    const median = (values: Float32Array) => values.slice().sort()[values.length >> 1];
    const ratio = median(squaredDistances(whitening, clean)) / median(squaredDistances(reference, clean));
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.15);
  });

  it('lie beyond all but one in a thousand of the body', () => {
    const distances = squaredDistances(whitening, dirty.sample);
    const split = (which: number) => distances.filter((_, i) => dirty.outlying[i] === which).sort();
    const inner = split(0);
    expect(split(1)[0]).toBeGreaterThan(inner[Math.floor(0.999 * inner.length)]);
  });
});

describe('a dimension without spread', () => {
  const flat = new Float32Array(count).fill(7);

  it('weighs nothing', () => {
    const whitening = fitWhitening([clean[0], flat, clean[2]], none)!;
    const without = fitWhitening([clean[0], clean[2]], none)!;
    const shifted = flat.map((value) => value + 1000);
    expect(squaredDistances(whitening, [clean[0], shifted, clean[2]])).toEqual(
      squaredDistances(without, [clean[0], clean[2]]),
    );
  });

  it('alone gives no whitening, nor does an empty sample', () => {
    expect(fitWhitening([flat, flat], none)).toBeNull();
    expect(fitWhitening([new Float32Array(0)], none)).toBeNull();
  });
});

describe('a dimension that varies by rounding only', () => {
  const rounding = clean[0].map((value) => 1e-6 * (value - 100));
  const whitening = fitWhitening([clean[0], rounding], [0.01, 0.01])!;
  const step = (size: number) =>
    squaredDistances(
      whitening,
      whitening.centre.map((c, k) => Float32Array.of(k === 1 ? c + size : c)),
    )[0];

  it('makes no distance of that rounding', () => expect(step(1e-5)).toBeLessThan(1e-4));
  it('but one of what exceeds it', () => expect(step(0.1)).toBeCloseTo(100, 0));
});
