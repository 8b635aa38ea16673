import { describe, expect, it } from 'vitest';
import { boxSum, convolve, gaussianKernel } from '../../detectors/smoothing.ts';
import { seededRandom } from '../support/random.ts';

const sizes = [
  [1, 1],
  [2, 9],
  [9, 2],
  [7, 7],
  [31, 17],
];

function randomValues(seed: number, count: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => 100 * random());
}

/** Weighted sum over the square round every pixel, one pixel at a time; nothing lies outside. */
function bruteForce(
  values: Float32Array,
  width: number,
  height: number,
  radius: number,
  weight: (dx: number, dy: number) => number,
): Float64Array {
  return Float64Array.from(values, (_, i) => {
    let sum = 0;
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const x = (i % width) + dx;
        const y = Math.floor(i / width) + dy;
        if (x >= 0 && y >= 0 && x < width && y < height) sum += weight(dx, dy) * values[y * width + x];
      }
    }
    return sum;
  });
}

function expectRelative(actual: Float32Array, expected: Float64Array, tolerance: number): void {
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected[i])));
  });
}

describe('the Gaussian kernel', () => {
  it('of σ = 1 px reaches 3 px, falls as exp(−x²/2) and weighs 1 in all', () => {
    const kernel = gaussianKernel(1);
    expect(kernel.length).toBe(4);
    expect(kernel[0] + 2 * (kernel[1] + kernel[2] + kernel[3])).toBeCloseTo(1, 6);
    expect(kernel[1] / kernel[0]).toBeCloseTo(Math.exp(-0.5), 6);
    expect(kernel[3] / kernel[0]).toBeCloseTo(Math.exp(-4.5), 6);
  });
});

describe.each(sizes)('on %i × %i pixels', (width, height) => {
  const values = randomValues(width, width * height);

  it.each([0.5, 1, 2])('convolving with σ = %d is the weighted sum of the neighbourhood', (sigmaPx) => {
    const kernel = gaussianKernel(sigmaPx);
    const weight = (dx: number, dy: number) => kernel[Math.abs(dx)] * kernel[Math.abs(dy)];
    const expected = bruteForce(values, width, height, kernel.length - 1, weight);
    expectRelative(convolve(values, width, height, kernel), expected, 1e-5);
  });

  it.each([0, 1, 2, 5])('a box sum of radius %i is the sum of the neighbourhood', (radius) => {
    const expected = bruteForce(values, width, height, radius, () => 1);
    expectRelative(boxSum(values, width, height, radius), expected, 1e-6);
  });

  it('the observed weight, divided out, keeps a constant constant beside holes and borders', () => {
    const observed = values.map((value) => (value < 60 ? 1 : 0));
    const flat = observed.map((one) => 42 * one);
    const kernel = gaussianKernel(1);
    const weights = convolve(observed, width, height, kernel);
    const smooth = convolve(flat, width, height, kernel);
    const counts = boxSum(observed, width, height, 2);
    const sums = boxSum(flat, width, height, 2);
    observed.forEach((one, i) => {
      if (one === 0) return;
      expect(smooth[i] / weights[i]).toBeCloseTo(42, 4);
      expect(sums[i] / counts[i]).toBeCloseTo(42, 4);
    });
  });
});

it('a box sum does not drift down a tall image', () => {
  const values = randomValues(3, 5 * 20_000).map((value) => 1e5 * value);
  const sums = boxSum(values, 5, 20_000, 2);
  const expected = bruteForce(values.subarray(-25), 5, 5, 2, () => 1);
  expect(sums[5 * 20_000 - 1] / expected[24]).toBeCloseTo(1, 6);
});
