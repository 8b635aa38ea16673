import { four } from './lanes';

/**
 * A tile is `height` rows of `pitch` float32 (a multiple of 4) cut out of a plane of `planeWidth` × `planeHeight`
 * samples `stride` apart per row; its first pixel is column `x`, row `y` of the plane, which may lie outside.
 */

/** 1 where the plane's mask, and the other one if there is one (not 0), say observed; 0 elsewhere. Returns the sum. */
export function gatherMask(
  mask: usize,
  other: usize,
  stride: i32,
  planeWidth: i32,
  planeHeight: i32,
  x: i32,
  y: i32,
  tile: usize,
  pitch: i32,
  height: i32,
): i32 {
  let observed = 0;
  memory.fill(tile, 0, <usize>(pitch * height) << 2);
  const left = max(0, -x);
  const right = min(pitch, planeWidth - x);
  for (let r = max(0, -y), end = min(height, planeHeight - y); r < end; r++) {
    const from = <usize>((y + r) * stride + x);
    const to = tile + (<usize>(r * pitch) << 2);
    for (let c = left; c < right; c++) {
      let seen = load<u8>(mask + from + c);
      if (other != 0) seen &= load<u8>(other + from + c);
      observed += seen;
      store<f32>(to + (<usize>c << 2), <f32>seen);
    }
  }
  return observed;
}

/** plane · gain + offset where observed, 0 elsewhere. `mask` is a tile of gatherMask, or 0 where all is observed. */
// @ts-ignore: decorator
@inline
function gather<T>(
  plane: usize,
  stride: i32,
  planeWidth: i32,
  planeHeight: i32,
  x: i32,
  y: i32,
  mask: usize,
  tile: usize,
  pitch: i32,
  height: i32,
  gain: f32,
  offset: f32,
): void {
  const gains = f32x4.splat(gain);
  const offsets = f32x4.splat(offset);
  const none = f32x4.splat(0);
  const inside = x >= 0 && y >= 0 && x + pitch <= planeWidth && y + height <= planeHeight;
  if (!inside) memory.fill(tile, 0, <usize>(pitch * height) << 2);
  const left = max(0, -x);
  const right = min(pitch, planeWidth - x);
  for (let r = max(0, -y), end = min(height, planeHeight - y); r < end; r++) {
    const from = plane + <usize>((y + r) * stride + x) * sizeof<T>();
    const to = tile + (<usize>(r * pitch) << 2);
    const seen = mask + (<usize>(r * pitch) << 2);
    let c = left;
    for (; c + 4 <= right; c += 4) {
      let value = f32x4.add(f32x4.mul(four<T>(from + <usize>c * sizeof<T>()), gains), offsets);
      if (mask != 0) value = v128.and(value, f32x4.ne(v128.load(seen + (<usize>c << 2)), none));
      v128.store(to + (<usize>c << 2), value);
    }
    for (; c < right; c++) {
      const value = <f32>load<T>(from + <usize>c * sizeof<T>()) * gain + offset;
      const kept = mask == 0 || load<f32>(seen + (<usize>c << 2)) != 0;
      store<f32>(to + (<usize>c << 2), kept ? value : 0);
    }
  }
}

export function gatherUint16(
  plane: usize,
  stride: i32,
  planeWidth: i32,
  planeHeight: i32,
  x: i32,
  y: i32,
  mask: usize,
  tile: usize,
  pitch: i32,
  height: i32,
  gain: f32,
  offset: f32,
): void {
  gather<u16>(plane, stride, planeWidth, planeHeight, x, y, mask, tile, pitch, height, gain, offset);
}

export function gatherFloat32(
  plane: usize,
  stride: i32,
  planeWidth: i32,
  planeHeight: i32,
  x: i32,
  y: i32,
  mask: usize,
  tile: usize,
  pitch: i32,
  height: i32,
  gain: f32,
  offset: f32,
): void {
  gather<f32>(plane, stride, planeWidth, planeHeight, x, y, mask, tile, pitch, height, gain, offset);
}

/** Copies `rows` rows of `bytes` bytes. */
export function copyRows(from: usize, fromStride: usize, to: usize, toStride: usize, bytes: usize, rows: i32): void {
  for (let y = 0; y < rows; y++) {
    memory.copy(to, from, bytes);
    from += fromStride;
    to += toStride;
  }
}

/** True where none of `bytes` bytes (a multiple of 16 are read at a time, the rest one by one) is 0. */
export function noneIsZero(at: usize, bytes: usize): bool {
  const end = at + bytes;
  for (; at + 16 <= end; at += 16) if (!i8x16.all_true(v128.load(at))) return false;
  for (; at < end; at++) if (load<u8>(at) == 0) return false;
  return true;
}
