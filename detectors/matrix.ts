/** Small dense matrices (p × p, p = number of bands), row-major in Float64Array. */
export type Matrix = Float64Array;

/** Lower-triangular L with L Lᵀ = m, or null where m is not positive definite. */
export function cholesky(m: Matrix, p: number): Matrix | null {
  const l = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = m[i * p + j];
      for (let k = 0; k < j; k++) sum -= l[i * p + k] * l[j * p + k];
      if (i === j) {
        if (!(sum > 0)) return null;
        l[i * p + i] = Math.sqrt(sum);
      } else {
        l[i * p + j] = sum / l[j * p + j];
      }
    }
  }
  return l;
}

/** Inverse of a lower-triangular matrix. */
export function invertLower(l: Matrix, p: number): Matrix {
  const inverse = new Float64Array(p * p);
  for (let column = 0; column < p; column++) {
    for (let i = column; i < p; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = column; k < i; k++) sum -= l[i * p + k] * inverse[k * p + column];
      inverse[i * p + column] = sum / l[i * p + i];
    }
  }
  return inverse;
}

export function multiply(a: Matrix, b: Matrix, p: number): Matrix {
  const c = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < p; k++) {
      const v = a[i * p + k];
      for (let j = 0; j < p; j++) c[i * p + j] += v * b[k * p + j];
    }
  }
  return c;
}

export function transpose(a: Matrix, p: number): Matrix {
  const t = new Float64Array(p * p);
  for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) t[j * p + i] = a[i * p + j];
  return t;
}

/**
 * Eigenvalues (descending) and unit eigenvectors (columns) of a symmetric matrix by cyclic Jacobi
 * rotations; exact to rounding for the p ≤ 16 used here.
 */
export function symmetricEigen(symmetric: Matrix, p: number): { values: Float64Array; vectors: Matrix } {
  const m = Float64Array.from(symmetric);
  const v = new Float64Array(p * p);
  for (let i = 0; i < p; i++) v[i * p + i] = 1;
  for (let sweep = 0; sweep < 60 && offDiagonal(m, p) > 1e-22; sweep++) {
    for (let i = 0; i < p; i++) for (let j = i + 1; j < p; j++) rotate(m, v, p, i, j);
  }
  const order = Array.from({ length: p }, (_, i) => i).sort((a, b) => m[b * p + b] - m[a * p + a]);
  const values = Float64Array.from(order, (i) => m[i * p + i]);
  const vectors = new Float64Array(p * p);
  for (let row = 0; row < p; row++) {
    for (let to = 0; to < p; to++) vectors[row * p + to] = v[row * p + order[to]];
  }
  return { values, vectors };
}

/** Share of the matrix's energy off the diagonal. */
function offDiagonal(m: Matrix, p: number): number {
  let off = 0;
  let all = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) {
      all += m[i * p + j] ** 2;
      if (i !== j) off += m[i * p + j] ** 2;
    }
  }
  return all === 0 ? 0 : off / all;
}

function rotate(m: Matrix, v: Matrix, p: number, i: number, j: number): void {
  const apq = m[i * p + j];
  if (apq === 0) return;
  const theta = (m[j * p + j] - m[i * p + i]) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < p; k++) {
    const a = m[k * p + i];
    const b = m[k * p + j];
    m[k * p + i] = c * a - s * b;
    m[k * p + j] = s * a + c * b;
  }
  for (let k = 0; k < p; k++) {
    const a = m[i * p + k];
    const b = m[j * p + k];
    m[i * p + k] = c * a - s * b;
    m[j * p + k] = s * a + c * b;
    const x = v[k * p + i];
    const y = v[k * p + j];
    v[k * p + i] = c * x - s * y;
    v[k * p + j] = s * x + c * y;
  }
}
