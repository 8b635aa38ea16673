const longestRow = 1024;
const above = memory.data(longestRow * 4 + 64);

/**
 * One bit per pixel: set where the score exceeds `threshold`, the pixel is observed (`mask`, a tile, or 0) and its
 * score is no mere blur of a much stronger one within two pixels: own distance² ≥ (blurShare · strongest)².
 * Columns 8 .. 8 + width and rows 6 .. 6 + height of the tile are written, `width` a multiple of 8; bits lie
 * first column lowest, `bitsPitch` bytes per row. blurShare 0: no such test. Returns the pixels set.
 */
export function changedBits(
  score: usize,
  ownSquared: usize,
  mask: usize,
  pitch: i32,
  width: i32,
  height: i32,
  threshold: f32,
  blurShare: f32,
  bits: usize,
  bitsPitch: i32,
): i32 {
  const row = <usize>pitch << 2;
  const limit = f32x4.splat(threshold);
  const share = f32x4.splat(blurShare);
  const none = f32x4.splat(0);
  let count = 0;
  for (let y = 6; y < 6 + height; y++) {
    const line = <usize>y * row;
    for (let x: usize = 16; x < row - 16; x += 16) {
      const at = score + line + x;
      const near = f32x4.max(f32x4.max(v128.load(at - row), v128.load(at + row)), v128.load(at));
      const far = f32x4.max(v128.load(at - 2 * row), v128.load(at + 2 * row));
      v128.store(above + x, f32x4.max(near, far));
    }
    const to = bits + <usize>((y - 6) * bitsPitch);
    for (let x = 0; x < width; x += 8) {
      let byte: u32 = 0;
      for (let half = 0; half < 2; half++) {
        const column = <usize>(8 + x + 4 * half) << 2;
        const at = line + column;
        let found = f32x4.gt(v128.load(score + at), limit);
        if (blurShare > 0) {
          const p = above + column;
          const near = f32x4.max(f32x4.max(v128.load(p - 4), v128.load(p + 4)), v128.load(p));
          const strongest = f32x4.max(near, f32x4.max(v128.load(p - 8), v128.load(p + 8)));
          const blur = f32x4.mul(share, strongest);
          found = v128.and(found, f32x4.ge(v128.load(ownSquared + at), f32x4.mul(blur, blur)));
        }
        if (mask != 0) found = v128.and(found, f32x4.gt(v128.load(mask + at), none));
        byte |= i32x4.bitmask(found) << (4 * half);
      }
      store<u8>(to + (x >> 3), <u8>byte);
      count += popcnt<i32>(byte);
    }
  }
  return count;
}
