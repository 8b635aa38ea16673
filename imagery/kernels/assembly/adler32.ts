/** Both sums stay below 2³² for so many bytes (RFC 1950; zlib's NMAX), here a multiple of 16. */
const mostBytes: usize = 5552;
const modulus: u32 = 65521;
/** How often each of 16 bytes counts in the sums up to the last; and ones. */
const weights = memory.data<i16>([16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1]);

/** The checksum of RFC 1950, sums of the bytes and of those sums modulo 65521, carried on from `sum`; it begins as 1. */
export function adler32(sum: u32, at: usize, bytes: usize): u32 {
  let plain = sum & 0xffff;
  let weighted = sum >> 16;
  const end = at + bytes;
  // Constants of a loop are made anew each time round; loaded ones stay.
  const first = v128.load(weights);
  const second = v128.load(weights, 16);
  const ones = v128.load(weights, 32);
  while (at + 16 <= end) {
    const stop = at + min(mostBytes, (end - at) & ~15);
    weighted += plain * <u32>(stop - at);
    let sums = i32x4.splat(0);
    let earlier = i32x4.splat(0);
    let within = i32x4.splat(0);
    for (; at < stop; at += 16) {
      const v = v128.load(at);
      const low = i16x8.extend_low_i8x16_u(v);
      const high = i16x8.extend_high_i8x16_u(v);
      earlier = i32x4.add(earlier, sums);
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.add(low, high), ones));
      within = i32x4.add(within, i32x4.add(i32x4.dot_i16x8_s(low, first), i32x4.dot_i16x8_s(high, second)));
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
