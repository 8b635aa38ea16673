import { describe, expect, it } from 'vitest';
import { type ComplexSquare, transformBackward, transformForward } from '../../../imagery/registration/fourier.ts';
import { seededRandom } from '../../support/random.ts';

function randomSquare(size: number): ComplexSquare {
  const random = seededRandom(size);
  const values = () => Float64Array.from({ length: size * size }, () => random() - 0.5);
  return { size, re: values(), im: values() };
}

describe('the two-dimensional Fourier transform', () => {
  it('equals the defining sum', () => {
    const square = randomSquare(8);
    const { re, im } = { re: square.re.slice(), im: square.im.slice() };
    transformForward(square);
    const [kx, ky] = [3, 6];
    let sumRe = 0;
    let sumIm = 0;
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++) {
        const angle = (-2 * Math.PI * (kx * x + ky * y)) / 8;
        sumRe += re[y * 8 + x] * Math.cos(angle) - im[y * 8 + x] * Math.sin(angle);
        sumIm += re[y * 8 + x] * Math.sin(angle) + im[y * 8 + x] * Math.cos(angle);
      }
    }
    expect(square.re[kx * 8 + ky]).toBeCloseTo(sumRe, 10);
    expect(square.im[kx * 8 + ky]).toBeCloseTo(sumIm, 10);
  });

  it('comes back to the image it started from', () => {
    const square = randomSquare(64);
    const { re, im } = { re: square.re.slice(), im: square.im.slice() };
    transformForward(square);
    transformBackward(square);
    expect(Math.max(...square.re.map((v, k) => Math.abs(v - re[k])))).toBeLessThan(1e-12);
    expect(Math.max(...square.im.map((v, k) => Math.abs(v - im[k])))).toBeLessThan(1e-12);
  });

  it('refuses a size that is not a power of two', () => {
    expect(() => transformForward(randomSquare(12))).toThrow('A Fourier size is a power of two, got 12.');
  });
});
