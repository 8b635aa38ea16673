import { splat } from './lanes';

/**
 * Window filters over tiles (see gather.ts). Results are exact from the fourth column and row from each edge inwards;
 * what the filters make of the edges themselves means nothing. Sums are taken in one fixed order, so that a pixel's
 * value does not depend on the tile it was computed in.
 */

/** Longest row of a tile, in samples; the wrapper cuts wider windows. */
const longestRow = 1024;
const rowBytes = longestRow * 4 + 64;
/** Column sums of one row, read again three samples to either side. */
const smoothRow = memory.data(rowBytes);
const sumRowA = memory.data(rowBytes);
const squareRowA = memory.data(rowBytes);
const sumRowB = memory.data(rowBytes);
const squareRowB = memory.data(rowBytes);

/** Gaussian over seven rows: `weights` holds those of offsets 0, 1, 2, 3. */
// @ts-ignore: decorator
@inline
function smoothDown(at: usize, row: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  let sum = f32x4.mul(w0, v128.load(at));
  sum = f32x4.add(sum, f32x4.mul(w1, f32x4.add(v128.load(at - row), v128.load(at + row))));
  sum = f32x4.add(sum, f32x4.mul(w2, f32x4.add(v128.load(at - 2 * row), v128.load(at + 2 * row))));
  return f32x4.add(sum, f32x4.mul(w3, f32x4.add(v128.load(at - 3 * row), v128.load(at + 3 * row))));
}

// @ts-ignore: decorator
@inline
function smoothAcross(at: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  let sum = f32x4.mul(w0, v128.load(at));
  sum = f32x4.add(sum, f32x4.mul(w1, f32x4.add(v128.load(at - 4), v128.load(at + 4))));
  sum = f32x4.add(sum, f32x4.mul(w2, f32x4.add(v128.load(at - 8), v128.load(at + 8))));
  return f32x4.add(sum, f32x4.mul(w3, f32x4.add(v128.load(at - 12), v128.load(at + 12))));
}

// @ts-ignore: decorator
@inline
function fiveAcross(at: usize): v128 {
  const inner = f32x4.add(f32x4.add(v128.load(at - 4), v128.load(at + 4)), v128.load(at));
  return f32x4.add(inner, f32x4.add(v128.load(at - 8), v128.load(at + 8)));
}

// @ts-ignore: decorator
@inline
function fiveDown(at: usize, row: usize): v128 {
  const inner = f32x4.add(f32x4.add(v128.load(at - row), v128.load(at + row)), v128.load(at));
  return f32x4.add(inner, f32x4.add(v128.load(at - 2 * row), v128.load(at + 2 * row)));
}

// @ts-ignore: decorator
@inline
function square(v: v128): v128 {
  return f32x4.mul(v, v);
}

// @ts-ignore: decorator
@inline
function fiveSquaresDown(at: usize, row: usize): v128 {
  const near = f32x4.add(square(v128.load(at - row)), square(v128.load(at + row)));
  const far = f32x4.add(square(v128.load(at - 2 * row)), square(v128.load(at + 2 * row)));
  return f32x4.add(f32x4.add(near, square(v128.load(at))), far);
}

/** What the filters find of the mask: Gaussian weight and box count, as reciprocals (0 where nothing is observed). */
export function maskWeights(mask: usize, pitch: i32, height: i32, gaussian: usize, box: usize, weights: usize): void {
  const row = <usize>pitch << 2;
  const w0 = splat(weights, 0);
  const w1 = splat(weights, 1);
  const w2 = splat(weights, 2);
  const w3 = splat(weights, 3);
  const one = f32x4.splat(1);
  const none = f32x4.splat(0);
  for (let y = 3; y < height - 3; y++) {
    const from = mask + <usize>y * row;
    for (let x: usize = 0; x < row; x += 16) {
      v128.store(smoothRow + x, smoothDown(from + x, row, w0, w1, w2, w3));
      v128.store(sumRowA + x, fiveDown(from + x, row));
    }
    const to = <usize>y * row;
    for (let x: usize = 16; x < row - 16; x += 16) {
      const weight = smoothAcross(smoothRow + x, w0, w1, w2, w3);
      const count = fiveAcross(sumRowA + x);
      v128.store(gaussian + to + x, v128.and(f32x4.div(one, weight), f32x4.gt(weight, none)));
      v128.store(box + to + x, v128.and(f32x4.div(one, count), f32x4.gt(count, none)));
    }
  }
}

/** Standard deviation of a box from its sum and sum of squares. */
// @ts-ignore: decorator
@inline
function deviation(sum: v128, squares: v128, share: v128): v128 {
  const mean = f32x4.mul(sum, share);
  return f32x4.sqrt(f32x4.max(f32x4.splat(0), f32x4.sub(f32x4.mul(squares, share), square(mean))));
}

/**
 * Smoothed difference, change of local standard deviation and local mean of the after image, of one band. `before`
 * and `after` are tiles less a typical value, tied, 0 where unobserved. `gaussian` and `box` are tiles of maskWeights,
 * or 0 where all is observed. `mean` may be 0.
 */
export function bandFeatures(
  before: usize,
  after: usize,
  pitch: i32,
  height: i32,
  gaussian: usize,
  box: usize,
  weights: usize,
  own: usize,
  difference: usize,
  texture: usize,
  mean: usize,
): void {
  const row = <usize>pitch << 2;
  const w0 = splat(weights, 0);
  const w1 = splat(weights, 1);
  const w2 = splat(weights, 2);
  const w3 = splat(weights, 3);
  const ofWhole = f32x4.splat(1.0 / 25.0);
  const bytes = <usize>height * row;
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(own + i, f32x4.sub(v128.load(after + i), v128.load(before + i)));
  }
  for (let y = 3; y < height - 3; y++) {
    const line = <usize>y * row;
    for (let x: usize = 0; x < row; x += 16) {
      v128.store(smoothRow + x, smoothDown(own + line + x, row, w0, w1, w2, w3));
      v128.store(sumRowA + x, fiveDown(before + line + x, row));
      v128.store(squareRowA + x, fiveSquaresDown(before + line + x, row));
      v128.store(sumRowB + x, fiveDown(after + line + x, row));
      v128.store(squareRowB + x, fiveSquaresDown(after + line + x, row));
    }
    for (let x: usize = 16; x < row - 16; x += 16) {
      let smooth = smoothAcross(smoothRow + x, w0, w1, w2, w3);
      if (gaussian != 0) smooth = f32x4.mul(smooth, v128.load(gaussian + line + x));
      v128.store(difference + line + x, smooth);
      const share = box == 0 ? ofWhole : v128.load(box + line + x);
      const sumAfter = fiveAcross(sumRowB + x);
      const deviationBefore = deviation(fiveAcross(sumRowA + x), fiveAcross(squareRowA + x), share);
      const deviationAfter = deviation(sumAfter, fiveAcross(squareRowB + x), share);
      v128.store(texture + line + x, f32x4.sub(deviationAfter, deviationBefore));
      if (mean != 0) v128.store(mean + line + x, f32x4.mul(sumAfter, share));
    }
  }
}
