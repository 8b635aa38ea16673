/** Undoes horizontal differencing of 16-bit samples, four per pixel, in place. `width` is even. */
export function accumulate16(at: usize, width: i32, height: i32): void {
  const none = i16x8.splat(0);
  for (let y = 0; y < height; y++) {
    let carry = none;
    for (let x = 0; x < width; x += 2, at += 16) {
      let v = v128.load(at);
      v = i16x8.add(v, v128.shuffle<i64>(none, v, 0, 2));
      v = i16x8.add(v, carry);
      v128.store(at, v);
      carry = v128.shuffle<i64>(v, v, 1, 1);
    }
  }
}
