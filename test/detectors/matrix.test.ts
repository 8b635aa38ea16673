import { describe, expect, it } from 'vitest';
import { cholesky, invertLower, type Matrix, multiply, symmetricEigen, transpose } from '../../detectors/matrix.ts';
import { seededNormal } from '../support/random.ts';

const sizes = [1, 2, 3, 4, 6, 10, 16];

function randomMatrix(seed: number, p: number): Matrix {
  return new Float64Array(p * p).map(seededNormal(seed));
}

/** Symmetric and positive definite: A Aᵀ + p·I. */
function randomCovariance(seed: number, p: number): Matrix {
  const a = randomMatrix(seed, p);
  return multiply(a, transpose(a, p), p).map((value, i) => value + (i % (p + 1) === 0 ? p : 0));
}

const identity = (p: number): Matrix => diagonal(new Float64Array(p).fill(1));

function diagonal(values: Float64Array): Matrix {
  const p = values.length;
  return new Float64Array(p * p).map((_, i) => (i % (p + 1) === 0 ? values[i / (p + 1)] : 0));
}

function expectClose(actual: Matrix, expected: Matrix, tolerance = 1e-10): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(tolerance);
  });
}

it('a product is rows times columns', () => {
  const a = Float64Array.of(1, 2, 3, 4);
  const b = Float64Array.of(5, 6, 7, 8);
  expect([...multiply(a, b, 2)]).toEqual([19, 22, 43, 50]);
  expect([...transpose(a, 2)]).toEqual([1, 3, 2, 4]);
});

describe.each(sizes)('of size %i', (p) => {
  it('a Cholesky factor is lower-triangular and multiplies back to its matrix', () => {
    const m = randomCovariance(1, p);
    const l = cholesky(m, p)!;
    for (let row = 0; row < p; row++) for (let c = row + 1; c < p; c++) expect(l[row * p + c]).toBe(0);
    expectClose(multiply(l, transpose(l, p), p), m);
  });

  it('the inverse of a triangular matrix undoes it', () => {
    const l = cholesky(randomCovariance(2, p), p)!;
    expectClose(multiply(invertLower(l, p), l, p), identity(p));
  });

  it('eigenvectors are orthonormal, values descend, and both rebuild the matrix', () => {
    const a = randomMatrix(3, p);
    const symmetric = a.map((value, i) => value + a[(i % p) * p + Math.floor(i / p)]);
    const { values, vectors } = symmetricEigen(symmetric, p);
    expectClose(multiply(transpose(vectors, p), vectors, p), identity(p));
    expectClose(multiply(multiply(vectors, diagonal(values), p), transpose(vectors, p), p), symmetric);
    for (let i = 1; i < p; i++) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
  });
});

it('eigenvalues planted in a rotated matrix come back, repeated and zero ones, too', () => {
  const planted = Float64Array.of(9, 4, 4, 1, 0, -2);
  const { vectors: rotation } = symmetricEigen(randomCovariance(4, 6), 6);
  const m = multiply(multiply(rotation, diagonal(planted), 6), transpose(rotation, 6), 6);
  expectClose(symmetricEigen(m, 6).values, planted);
});

it('a zero matrix has zero eigenvalues and the axes as vectors', () => {
  const { values, vectors } = symmetricEigen(new Float64Array(9), 3);
  expect([...values]).toEqual([0, 0, 0]);
  expectClose(vectors, identity(3));
});

it('a matrix that is not positive definite has no Cholesky factor', () => {
  expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
  expect(cholesky(Float64Array.of(1, 1, 1, 1), 2)).toBeNull();
  expect(cholesky(Float64Array.of(Number.NaN), 1)).toBeNull();
});
