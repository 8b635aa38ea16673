import { splat } from './lanes';

/** Most bands of a window. */
const mostBands = 16;
/** Differences of four blocks, a vector per band. */
const differences = memory.data(mostBands * 16);

/** Sums of four 2 × 2 blocks: columns x .. x + 7 of two rows. */
// @ts-ignore: decorator
@inline
function blockSums<T>(at: usize, row: usize): v128 {
  if (isFloat<T>()) {
    const left = f32x4.add(v128.load(at), v128.load(at + row));
    const right = f32x4.add(v128.load(at, 16), v128.load(at + row, 16));
    const even = v128.shuffle<f32>(left, right, 0, 2, 4, 6);
    return f32x4.add(even, v128.shuffle<f32>(left, right, 1, 3, 5, 7));
  }
  const above = i32x4.extadd_pairwise_i16x8_u(v128.load(at));
  return f32x4.convert_i32x4_u(i32x4.add(above, i32x4.extadd_pairwise_i16x8_u(v128.load(at + row))));
}

/**
 * Where change may be: marks the tiles (tileSize × tileSize, a power of two) that hold, or lie within `reach` of, a
 * 2 × 2 block whose mean spectral distance exceeds √limit, or that is only partly observed.
 *
 * Planes lie one after another, planeBytes apart, `stride` samples per row; columns from .. to (multiples of 8) and
 * rows 0 .. height (even) are screened. `parameters`: per band the gain and offset that make a difference out of the
 * block sums (difference = after · gain + offset − before / 4), then the whitening as cvaScore takes it.
 * marks: a byte per tile, tileColumns per row; column 0 of the planes lies at column `tileX` of the marks' pixels.
 */
// @ts-ignore: decorator
@inline
function screen<T>(
  bands: i32,
  before: usize,
  after: usize,
  planeBytes: usize,
  stride: i32,
  from: i32,
  to: i32,
  height: i32,
  maskBefore: usize,
  maskAfter: usize,
  parameters: usize,
  limit: f32,
  marks: usize,
  tileColumns: i32,
  tileRows: i32,
  tileShift: i32,
  tileX: i32,
  tileY: i32,
  reach: i32,
): void {
  const row = <usize>stride * sizeof<T>();
  const quarter = f32x4.splat(0.25);
  const limits = f32x4.splat(limit);
  const whitening = parameters + (<usize>bands << 3);
  for (let y = 0; y < height; y += 2) {
    for (let x = from; x < to; x += 8) {
      const offset = <usize>(y * stride + x) * sizeof<T>();
      let partly: u64 = 0;
      if (maskBefore != 0) {
        const i = <usize>(y * stride + x);
        const above = load<u64>(maskBefore + i) & load<u64>(maskAfter + i);
        const below = load<u64>(maskBefore + i + stride) & load<u64>(maskAfter + i + stride);
        if ((above | below) == 0) continue;
        partly = (above & below) ^ 0x0101010101010101;
      }
      for (let k = 0; k < bands; k++) {
        const plane = <usize>k * planeBytes + offset;
        const a = f32x4.mul(blockSums<T>(before + plane, row), quarter);
        const b = blockSums<T>(after + plane, row);
        const tied = f32x4.add(f32x4.mul(b, splat(parameters, 2 * k)), splat(parameters, 2 * k + 1));
        v128.store(differences + (<usize>k << 4), f32x4.sub(tied, a));
      }
      let sum = f32x4.splat(0);
      let parameter = 0;
      for (let i = 0; i < bands; i++) {
        let projected = splat(whitening, parameter + i + 1);
        for (let j = 0; j <= i; j++) {
          const d = v128.load(differences + (<usize>j << 4));
          projected = f32x4.add(projected, f32x4.mul(splat(whitening, parameter + j), d));
        }
        parameter += i + 2;
        sum = f32x4.add(sum, f32x4.mul(projected, projected));
      }
      const found = f32x4.gt(sum, limits);
      if (partly == 0 && !v128.any_true(found)) continue;
      const left = max(0, (x + tileX - reach) >> tileShift);
      const right = min(tileColumns - 1, (x + tileX + 7 + reach) >> tileShift);
      const top = max(0, (y + tileY - reach) >> tileShift);
      const bottom = min(tileRows - 1, (y + tileY + 1 + reach) >> tileShift);
      for (let r = top; r <= bottom; r++) {
        for (let c = left; c <= right; c++) store<u8>(marks + <usize>(r * tileColumns + c), 1);
      }
    }
  }
}

export function screenUint16(
  bands: i32,
  before: usize,
  after: usize,
  planeBytes: usize,
  stride: i32,
  from: i32,
  to: i32,
  height: i32,
  maskBefore: usize,
  maskAfter: usize,
  parameters: usize,
  limit: f32,
  marks: usize,
  tileColumns: i32,
  tileRows: i32,
  tileShift: i32,
  tileX: i32,
  tileY: i32,
  reach: i32,
): void {
  screen<u16>(bands, before, after, planeBytes, stride, from, to, height, maskBefore, maskAfter, parameters, limit, marks, tileColumns, tileRows, tileShift, tileX, tileY, reach);
}

export function screenFloat32(
  bands: i32,
  before: usize,
  after: usize,
  planeBytes: usize,
  stride: i32,
  from: i32,
  to: i32,
  height: i32,
  maskBefore: usize,
  maskAfter: usize,
  parameters: usize,
  limit: f32,
  marks: usize,
  tileColumns: i32,
  tileRows: i32,
  tileShift: i32,
  tileX: i32,
  tileY: i32,
  reach: i32,
): void {
  screen<f32>(bands, before, after, planeBytes, stride, from, to, height, maskBefore, maskAfter, parameters, limit, marks, tileColumns, tileRows, tileShift, tileX, tileY, reach);
}
