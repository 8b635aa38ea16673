/**
 * TIFF's predictor 3 (Adobe Photoshop TIFF Technical Note 3): a row's bytes are regrouped by significance, the most
 * significant of every sample first, and then differenced as bytes.
 */

/**
 * Undoes the differences of bytes, each to the one before of the same band, in place: groups of sizeof<T>() bytes hold
 * one byte of each band.
 */
// @ts-ignore: decorator
@inline
function accumulateBytes<T>(at: usize, count: i32): void {
  const none = i32x4.splat(0);
  const end = at + count;
  const begin = at;
  let carry = none;
  for (; at + 16 <= end; at += 16) {
    let v = v128.load(at);
    if (sizeof<T>() === 1)
      v = i8x16.add(v, v128.shuffle<i8>(none, v, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30));
    if (sizeof<T>() <= 2) v = i8x16.add(v, v128.shuffle<i16>(none, v, 0, 8, 9, 10, 11, 12, 13, 14));
    if (sizeof<T>() <= 4) v = i8x16.add(v, v128.shuffle<i32>(none, v, 0, 4, 5, 6));
    v = i8x16.add(v, v128.shuffle<i64>(none, v, 0, 2));
    v = i8x16.add(v, carry);
    v128.store(at, v);
    if (sizeof<T>() === 1) carry = i8x16.splat(i8x16.extract_lane_u(v, 15));
    else if (sizeof<T>() === 2) carry = v128.shuffle<i16>(v, v, 7, 7, 7, 7, 7, 7, 7, 7);
    else if (sizeof<T>() === 4) carry = v128.shuffle<i32>(v, v, 3, 3, 3, 3);
    else carry = v128.shuffle<i64>(v, v, 1, 1);
  }
  accumulateSlowly(max(at, begin + sizeof<T>()), end, sizeof<T>());
}

function accumulateSlowly(at: usize, end: usize, step: usize): void {
  for (; at < end; at++) store<u8>(at, load<u8>(at) + load<u8>(at - step));
}

/** Four rows of bytes, most significant first, to 32-bit samples. */
function regroup4(from: usize, to: usize, samples: usize): void {
  let i: usize = 0;
  for (; i + 16 <= samples; i += 16, to += 64) {
    const d = v128.load(from + i);
    const c = v128.load(from + samples + i);
    const b = v128.load(from + 2 * samples + i);
    const a = v128.load(from + 3 * samples + i);
    const lowAB = v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const lowCD = v128.shuffle<i8>(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const highAB = v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const highCD = v128.shuffle<i8>(c, d, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    v128.store(to, v128.shuffle<i16>(lowAB, lowCD, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(to, v128.shuffle<i16>(lowAB, lowCD, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    v128.store(to, v128.shuffle<i16>(highAB, highCD, 0, 8, 1, 9, 2, 10, 3, 11), 32);
    v128.store(to, v128.shuffle<i16>(highAB, highCD, 4, 12, 5, 13, 6, 14, 7, 15), 48);
  }
  regroupSlowly(from, to, i, samples, 4);
}

function regroupSlowly(from: usize, to: usize, i: usize, samples: usize, sampleBytes: usize): void {
  for (; i < samples; i++) {
    for (let byte: usize = 0; byte < sampleBytes; byte++, to++) {
      store<u8>(to, load<u8>(from + (sampleBytes - 1 - byte) * samples + i));
    }
  }
}

/**
 * Undoes predictor 3 on rows of `samples` floats, `bands` of them per pixel, in place; little-endian floats come out.
 * @param work room for one row
 */
export function accumulateFloats(at: usize, sampleBytes: i32, samples: i32, rows: i32, bands: i32, work: usize): void {
  const rowBytes = samples * sampleBytes;
  for (; rows > 0; rows--, at += rowBytes) {
    if (bands === 1) accumulateBytes<u8>(at, rowBytes);
    else if (bands === 2) accumulateBytes<u16>(at, rowBytes);
    else if (bands === 4) accumulateBytes<u32>(at, rowBytes);
    else if (bands === 8) accumulateBytes<u64>(at, rowBytes);
    else accumulateSlowly(at + bands, at + rowBytes, bands);
    if (sampleBytes === 4) regroup4(at, work, samples);
    else regroupSlowly(at, work, 0, samples, sampleBytes);
    memory.copy(at, work, rowBytes);
  }
}
