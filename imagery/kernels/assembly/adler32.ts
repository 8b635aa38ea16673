/** Both sums stay below 2³² for so many bytes (RFC 1950; zlib's NMAX), here a multiple of 16. */
const mostBytes: usize = 5552;
const modulus: u32 = 65521;

/** The checksum of RFC 1950: sums of the bytes, and of those sums, modulo 65521. */
export function adler32(at: usize, bytes: usize): u32 {
  let plain: u32 = 1;
  let weighted: u32 = 0;
  const end = at + bytes;
  while (at + 16 <= end) {
    const stop = at + min(mostBytes, (end - at) & ~15);
    weighted += plain * <u32>(stop - at);
    let sums = i32x4.splat(0);
    let earlier = i32x4.splat(0);
    let within = i32x4.splat(0);
    for (; at < stop; at += 16) {
      const v = v128.load(at);
      earlier = i32x4.add(earlier, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v)));
      within = i32x4.add(within, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(v), i16x8(16, 15, 14, 13, 12, 11, 10, 9)));
      within = i32x4.add(within, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(v), i16x8(8, 7, 6, 5, 4, 3, 2, 1)));
    }
    plain = (plain + total(sums)) % modulus;
    weighted = (weighted + 16 * total(earlier) + total(within)) % modulus;
  }
  for (; at < end; at++) {
    plain += load<u8>(at);
    weighted += plain;
  }
  return ((weighted % modulus) << 16) | (plain % modulus);
}

@inline
function total(v: v128): u32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
