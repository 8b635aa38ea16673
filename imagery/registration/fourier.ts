/** A square of complex numbers, row-major, size × size, in two real arrays. */
export interface ComplexSquare {
  size: number;
  re: Float64Array;
  im: Float64Array;
}

/** What one size of transform needs again and again: e^(−2πi k / n) for k < n / 2, and the bit-reversed order. */
interface Tables {
  cosine: Float64Array;
  sine: Float64Array;
  reversed: Uint32Array;
}

const tablesOfSize = new Map<number, Tables>();

function tables(size: number): Tables {
  const known = tablesOfSize.get(size);
  if (known) return known;
  if (size < 2 || (size & (size - 1)) !== 0) throw new RangeError(`A Fourier size is a power of two, got ${size}.`);
  const reversed = new Uint32Array(size);
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >> 1] >> 1) | (i & 1 ? size >> 1 : 0);
  const half = Float64Array.from({ length: size / 2 }, (_, k) => (-2 * Math.PI * k) / size);
  const made = { cosine: half.map(Math.cos), sine: half.map(Math.sin), reversed };
  tablesOfSize.set(size, made);
  return made;
}

/**
 * Forward two-dimensional Fourier transform in place: F(kx, ky) = Σ f(x, y) e^(−2πi (kx x + ky y) / size),
 * size a power of two. The result lies transposed: F(kx, ky) is at [kx · size + ky].
 */
export function transformForward(square: ComplexSquare): void {
  transformRows(square.re, square.im, square.size);
  transpose(square.re, square.size);
  transpose(square.im, square.size);
  transformRows(square.re, square.im, square.size);
}

/** The inverse of transformForward, transposition included: from F(kx, ky) back to f(x, y) at [y · size + x]. */
export function transformBackward(square: ComplexSquare): void {
  // The inverse transform is the forward one with real and imaginary parts exchanged, divided by the count.
  const { size, re, im } = square;
  transformForward({ size, re: im, im: re });
  const share = 1 / (size * size);
  for (let k = 0; k < re.length; k++) {
    re[k] *= share;
    im[k] *= share;
  }
}

/** Radix-2 transform of every row, in place. */
function transformRows(re: Float64Array, im: Float64Array, size: number): void {
  const { cosine, sine, reversed } = tables(size);
  for (let base = 0; base < re.length; base += size) {
    reorder(re, base, reversed);
    reorder(im, base, reversed);
    for (let half = 1; half < size; half *= 2) butterflies(re, im, base, size, half, cosine, sine);
  }
}

function reorder(values: Float64Array, base: number, reversed: Uint32Array): void {
  for (let i = 0; i < reversed.length; i++) {
    const j = reversed[i];
    if (j <= i) continue;
    const kept = values[base + i];
    values[base + i] = values[base + j];
    values[base + j] = kept;
  }
}

function butterflies(
  re: Float64Array,
  im: Float64Array,
  base: number,
  size: number,
  half: number,
  cosine: Float64Array,
  sine: Float64Array,
): void {
  const stride = size / (2 * half);
  for (let block = base; block < base + size; block += 2 * half) {
    for (let k = 0; k < half; k++) {
      const p = block + k;
      const q = p + half;
      const c = cosine[k * stride];
      const s = sine[k * stride];
      const oddRe = re[q] * c - im[q] * s;
      const oddIm = re[q] * s + im[q] * c;
      re[q] = re[p] - oddRe;
      im[q] = im[p] - oddIm;
      re[p] += oddRe;
      im[p] += oddIm;
    }
  }
}

function transpose(values: Float64Array, size: number): void {
  for (let r = 0; r < size; r++) {
    for (let c = r + 1; c < size; c++) {
      const kept = values[r * size + c];
      values[r * size + c] = values[c * size + r];
      values[c * size + r] = kept;
    }
  }
}
