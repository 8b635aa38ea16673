/** Masks of areas whose rows lie apart: 1 = observed, 0 where a sample says that nothing was observed there. */

// @ts-ignore: decorator
@inline
function clear(mask: usize, missing: v128): void {
  v128.store(mask, v128.andnot(v128.load(mask), missing));
}

/** Clears the mask where an integer of a band equals `nodata`, given as the unsigned integer of its bits. */
// @ts-ignore: decorator
@inline
function maskEqual<T>(
  band: usize, bandRow: usize, mask: usize, maskRow: usize, width: i32, rows: i32, nodata: T,
): void {
  for (; rows > 0; rows--, band += bandRow, mask += maskRow) {
    let x: usize = 0;
    if (sizeof<T>() === 1) {
      const wanted = i8x16.splat(<i8>nodata);
      for (; x + 16 <= <usize>width; x += 16) clear(mask + x, i8x16.eq(v128.load(band + x), wanted));
    } else if (sizeof<T>() === 2) {
      const wanted = i16x8.splat(<i16>nodata);
      for (; x + 16 <= <usize>width; x += 16) {
        const at = band + 2 * x;
        clear(mask + x, i8x16.narrow_i16x8_s(i16x8.eq(v128.load(at), wanted), i16x8.eq(v128.load(at, 16), wanted)));
      }
    }
    for (; x < <usize>width; x++) if (load<T>(band + x * sizeof<T>()) === nodata) store<u8>(mask + x, 0);
  }
}

export function maskEqual8(
  band: usize, bandRow: usize, mask: usize, maskRow: usize, width: i32, rows: i32, nodata: u32,
): void {
  maskEqual<u8>(band, bandRow, mask, maskRow, width, rows, <u8>nodata);
}

export function maskEqual16(
  band: usize, bandRow: usize, mask: usize, maskRow: usize, width: i32, rows: i32, nodata: u32,
): void {
  maskEqual<u16>(band, bandRow, mask, maskRow, width, rows, <u16>nodata);
}

export function maskEqual32(
  band: usize, bandRow: usize, mask: usize, maskRow: usize, width: i32, rows: i32, nodata: u32,
): void {
  maskEqual<u32>(band, bandRow, mask, maskRow, width, rows, nodata);
}

/** No measurement is larger; imagery/tiff/nodata.ts says why. */
const largest: f32 = 1e18;

/** Clears the mask where a float of a band equals `nodata` (NaN: equals none), is not finite or too large. */
export function maskFloat32(
  band: usize, bandRow: usize, mask: usize, maskRow: usize, width: i32, rows: i32, nodata: f32,
): void {
  const wanted = f32x4.splat(nodata);
  for (; rows > 0; rows--, band += bandRow, mask += maskRow) {
    let x: usize = 0;
    for (; x + 16 <= <usize>width; x += 16) {
      const at = band + 4 * x;
      const low = i16x8.narrow_i32x4_s(missing(v128.load(at), wanted), missing(v128.load(at, 16), wanted));
      const high = i16x8.narrow_i32x4_s(missing(v128.load(at, 32), wanted), missing(v128.load(at, 48), wanted));
      clear(mask + x, i8x16.narrow_i16x8_s(low, high));
    }
    for (; x < <usize>width; x++) {
      const value = load<f32>(band + 4 * x);
      if (value === nodata || !(abs<f32>(value) <= largest)) store<u8>(mask + x, 0);
    }
  }
}

/** NaN is not smaller than anything. */
// @ts-ignore: decorator
@inline
function missing(v: v128, nodata: v128): v128 {
  return v128.or(f32x4.eq(v, nodata), v128.not(f32x4.le(f32x4.abs(v), f32x4.splat(largest))));
}

export function maskFloat64(
  band: usize, bandRow: usize, mask: usize, maskRow: usize, width: i32, rows: i32, nodata: f64,
): void {
  for (; rows > 0; rows--, band += bandRow, mask += maskRow) {
    for (let x: usize = 0; x < <usize>width; x++) {
      const value = load<f64>(band + 8 * x);
      if (value === nodata || !(abs<f64>(value) <= 1e18)) store<u8>(mask + x, 0);
    }
  }
}
