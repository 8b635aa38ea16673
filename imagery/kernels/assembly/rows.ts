/**
 * Rows of pixel-interleaved samples to one row per band, and the predictor undone along a row. Samples are taken as the
 * unsigned integers of their bits, which is what predictor 2 adds up, for floats too (libtiff).
 */

/** Pixels of which one vector per band is made at a time, for samples of type T. */
// @ts-ignore: decorator
@inline
export function pixelsAtOnce<T>(): i32 { return 16 / <i32>sizeof<T>(); }

/** Every `samples`-th sample of a row, from the `band`-th on, from pixel `x` on. */
// @ts-ignore: decorator
@inline
export function pick<T>(from: usize, to: usize, samples: i32, band: i32, x: i32, width: i32): void {
  let at = from + <usize>(x * samples + band) * sizeof<T>();
  for (; x < width; x++, at += <usize>samples * sizeof<T>()) store<T>(to + <usize>x * sizeof<T>(), load<T>(at));
}

/** Two bands, as many whole vectors as there are; the number of pixels done. */
// @ts-ignore: decorator
@inline
export function separate2<T>(from: usize, to0: usize, to1: usize, width: i32): i32 {
  const step = pixelsAtOnce<T>();
  let x = 0;
  for (; x + step <= width; x += step, from += 32, to0 += 16, to1 += 16) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    if (sizeof<T>() === 1) {
      v128.store(to0, v128.shuffle<i8>(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30));
      v128.store(to1, v128.shuffle<i8>(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31));
    } else if (sizeof<T>() === 2) {
      v128.store(to0, v128.shuffle<i16>(a, b, 0, 2, 4, 6, 8, 10, 12, 14));
      v128.store(to1, v128.shuffle<i16>(a, b, 1, 3, 5, 7, 9, 11, 13, 15));
    } else if (sizeof<T>() === 4) {
      v128.store(to0, v128.shuffle<i32>(a, b, 0, 2, 4, 6));
      v128.store(to1, v128.shuffle<i32>(a, b, 1, 3, 5, 7));
    } else {
      v128.store(to0, v128.shuffle<i64>(a, b, 0, 2));
      v128.store(to1, v128.shuffle<i64>(a, b, 1, 3));
    }
  }
  return x;
}

/** Three bands of 8, 16 or 32 bits: what two vectors hold of a band, completed from the third. */
// @ts-ignore: decorator
@inline
export function separate3<T>(from: usize, to0: usize, to1: usize, to2: usize, width: i32): i32 {
  const step = pixelsAtOnce<T>();
  let x = 0;
  for (; x + step <= width; x += step, from += 48, to0 += 16, to1 += 16, to2 += 16) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    if (sizeof<T>() === 1) {
      const p = v128.shuffle<i8>(a, b, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0);
      const q = v128.shuffle<i8>(a, b, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0);
      const r = v128.shuffle<i8>(a, b, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0);
      v128.store(to0, v128.shuffle<i8>(p, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29));
      v128.store(to1, v128.shuffle<i8>(q, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30));
      v128.store(to2, v128.shuffle<i8>(r, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31));
    } else if (sizeof<T>() === 2) {
      const p = v128.shuffle<i16>(a, b, 0, 3, 6, 9, 12, 15, 0, 0);
      const q = v128.shuffle<i16>(a, b, 1, 4, 7, 10, 13, 0, 0, 0);
      const r = v128.shuffle<i16>(a, b, 2, 5, 8, 11, 14, 0, 0, 0);
      v128.store(to0, v128.shuffle<i16>(p, c, 0, 1, 2, 3, 4, 5, 10, 13));
      v128.store(to1, v128.shuffle<i16>(q, c, 0, 1, 2, 3, 4, 8, 11, 14));
      v128.store(to2, v128.shuffle<i16>(r, c, 0, 1, 2, 3, 4, 9, 12, 15));
    } else {
      const p = v128.shuffle<i32>(a, b, 0, 3, 6, 0);
      const q = v128.shuffle<i32>(a, b, 1, 4, 7, 0);
      const r = v128.shuffle<i32>(a, b, 2, 5, 0, 0);
      v128.store(to0, v128.shuffle<i32>(p, c, 0, 1, 2, 5));
      v128.store(to1, v128.shuffle<i32>(q, c, 0, 1, 2, 6));
      v128.store(to2, v128.shuffle<i32>(r, c, 0, 1, 4, 7));
    }
  }
  return x;
}

/**
 * Four bands of 8, 16 or 32 bits, predictor 2 undone while pixels are still together: a vector holds whole ones, and
 * the sum up to its last one is all that the next has to wait for.
 */
// @ts-ignore: decorator
@inline
export function separate4<T>(
  from: usize, to0: usize, to1: usize, to2: usize, to3: usize, width: i32, isDifferenced: bool,
): i32 {
  const step = pixelsAtOnce<T>();
  let sum = i32x4.splat(0);
  let x = 0;
  for (; x + step <= width; x += step, from += 64, to0 += 16, to1 += 16, to2 += 16, to3 += 16) {
    let a = v128.load(from);
    let b = v128.load(from, 16);
    let c = v128.load(from, 32);
    let d = v128.load(from, 48);
    if (isDifferenced) {
      a = addLanes<T>(sumOfPixels<T>(a), sum);
      b = addLanes<T>(sumOfPixels<T>(b), lastPixel<T>(a));
      c = addLanes<T>(sumOfPixels<T>(c), lastPixel<T>(b));
      d = addLanes<T>(sumOfPixels<T>(d), lastPixel<T>(c));
      sum = lastPixel<T>(d);
    }
    if (sizeof<T>() === 2) {
      const even = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
      const odd = v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
      const laterEven = v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11);
      const laterOdd = v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15);
      a = v128.shuffle<i16>(even, odd, 0, 8, 1, 9, 2, 10, 3, 11);
      b = v128.shuffle<i16>(even, odd, 4, 12, 5, 13, 6, 14, 7, 15);
      c = v128.shuffle<i16>(laterEven, laterOdd, 0, 8, 1, 9, 2, 10, 3, 11);
      d = v128.shuffle<i16>(laterEven, laterOdd, 4, 12, 5, 13, 6, 14, 7, 15);
      v128.store(to0, v128.shuffle<i64>(a, c, 0, 2));
      v128.store(to1, v128.shuffle<i64>(a, c, 1, 3));
      v128.store(to2, v128.shuffle<i64>(b, d, 0, 2));
      v128.store(to3, v128.shuffle<i64>(b, d, 1, 3));
      continue;
    }
    if (sizeof<T>() === 1) {
      a = bandsTogether(a);
      b = bandsTogether(b);
      c = bandsTogether(c);
      d = bandsTogether(d);
    }
    const ab01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const ab23 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cd01 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const cd23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to0, v128.shuffle<i64>(ab01, cd01, 0, 2));
    v128.store(to1, v128.shuffle<i64>(ab01, cd01, 1, 3));
    v128.store(to2, v128.shuffle<i64>(ab23, cd23, 0, 2));
    v128.store(to3, v128.shuffle<i64>(ab23, cd23, 1, 3));
  }
  return x;
}

/** Of four pixels of four bytes, the bytes of one band next to each other. */
// @ts-ignore: decorator
@inline
function bandsTogether(v: v128): v128 {
  return v128.shuffle<i8>(v, v, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}

/** Each pixel of four samples becomes the sum of those of the vector up to it. */
// @ts-ignore: decorator
@inline
function sumOfPixels<T>(v: v128): v128 {
  const none = i32x4.splat(0);
  if (sizeof<T>() === 1) v = i8x16.add(v, v128.shuffle<i32>(none, v, 0, 4, 5, 6));
  if (sizeof<T>() <= 2) v = addLanes<T>(v, v128.shuffle<i64>(none, v, 0, 2));
  return v;
}

/** The last pixel of four samples, in place of each. */
// @ts-ignore: decorator
@inline
function lastPixel<T>(v: v128): v128 {
  if (sizeof<T>() === 1) return v128.shuffle<i32>(v, v, 3, 3, 3, 3);
  if (sizeof<T>() === 2) return v128.shuffle<i64>(v, v, 1, 1);
  return v;
}

// @ts-ignore: decorator
@inline
function addLanes<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() === 1) return i8x16.add(a, b);
  if (sizeof<T>() === 2) return i16x8.add(a, b);
  return i32x4.add(a, b);
}

/** Undoes predictor 2 along the rest of a row of one band, in place. */
// @ts-ignore: decorator
@inline
export function accumulateRest<T>(at: usize, x: i32, width: i32): void {
  let sum: T = x === 0 ? 0 : load<T>(at + <usize>(x - 1) * sizeof<T>());
  for (at += <usize>x * sizeof<T>(); x < width; x++, at += sizeof<T>()) {
    sum += load<T>(at);
    store<T>(at, sum);
  }
}

/** Undoes predictor 2 along one row of one band, in place. */
// @ts-ignore: decorator
@inline
export function accumulate<T>(at: usize, width: i32): void {
  const step = pixelsAtOnce<T>();
  const none = i32x4.splat(0);
  const row = at;
  let carry = none;
  let x = 0;
  for (; x + step <= width; x += step, at += 16) {
    let v = v128.load(at);
    if (sizeof<T>() === 1) {
      v = i8x16.add(v, v128.shuffle<i8>(none, v, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30));
      v = i8x16.add(v, v128.shuffle<i16>(none, v, 0, 8, 9, 10, 11, 12, 13, 14));
      v = i8x16.add(v, v128.shuffle<i32>(none, v, 0, 4, 5, 6));
      v = i8x16.add(v, v128.shuffle<i64>(none, v, 0, 2));
      v = i8x16.add(v, carry);
      carry = v128.shuffle<i8>(v, v, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15);
    } else if (sizeof<T>() === 2) {
      v = i16x8.add(v, v128.shuffle<i16>(none, v, 0, 8, 9, 10, 11, 12, 13, 14));
      v = i16x8.add(v, v128.shuffle<i32>(none, v, 0, 4, 5, 6));
      v = i16x8.add(v, v128.shuffle<i64>(none, v, 0, 2));
      v = i16x8.add(v, carry);
      carry = v128.shuffle<i16>(v, v, 7, 7, 7, 7, 7, 7, 7, 7);
    } else if (sizeof<T>() === 4) {
      v = i32x4.add(v, v128.shuffle<i32>(none, v, 0, 4, 5, 6));
      v = i32x4.add(v, v128.shuffle<i64>(none, v, 0, 2));
      v = i32x4.add(v, carry);
      carry = v128.shuffle<i32>(v, v, 3, 3, 3, 3);
    } else {
      v = i64x2.add(v, v128.shuffle<i64>(none, v, 0, 2));
      v = i64x2.add(v, carry);
      carry = v128.shuffle<i64>(v, v, 1, 1);
    }
    v128.store(at, v);
  }
  accumulateRest<T>(row, x, width);
}
