/** One zlib stream (RFC 1950) that is being inflated: where it stands in its input and output, and reading its bits. */

import { adler32 } from './adler32';

/** How a stream ended; 0 while it runs. */
export const statusDone: i32 = 1;
export const statusDamaged: i32 = 2;
export const statusTruncated: i32 = 3;
/** It holds more than was asked for. */
export const statusTooLong: i32 = 4;

@unmanaged
export class Stream {
  /** Bits read and not consumed, lowest first; those above `count` are 0. */
  bits: u64;
  count: u32;
  /** Next byte to read. Beyond `end` there are zeros, which are never read from memory. */
  next: usize;
  end: usize;
  out: usize;
  outStart: usize;
  outEnd: usize;
  /** Checksum of what was put out before `summed`. */
  sum: u32;
  summed: usize;
  which: i32;
  status: i32;
  produced: usize;
  lastBlock: bool;
  /** Within a block of codes, whose tables are set. */
  inBlock: bool;
}

export function open(s: Stream, which: i32, from: usize, bytes: usize, to: usize, capacity: usize): void {
  s.bits = 0;
  s.count = 0;
  s.next = from + 2;
  s.end = from + bytes;
  s.out = to;
  s.outStart = to;
  s.outEnd = to + capacity;
  s.sum = 1;
  s.summed = to;
  s.which = which;
  s.lastBlock = false;
  s.inBlock = false;
  s.status = bytes < 2 ? statusTruncated : 0;
  if (s.status !== 0) return;
  const method = <u32>load<u8>(from);
  const flags = <u32>load<u8>(from, 1);
  // Deflate, a window of at most 32 KiB, no preset dictionary.
  const known = (method & 15) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0 && (flags & 32) === 0;
  if (!known) s.status = statusDamaged;
}

/** At least 56 bits, of which those beyond the end are 0. */
@inline
export function refill(s: Stream): void {
  if (s.next + 8 <= s.end) {
    s.bits |= load<u64>(s.next) << (<u64>s.count);
    const bytes = (63 - s.count) >> 3;
    s.next += bytes;
    s.count += bytes << 3;
    s.bits &= ((<u64>1 << (<u64>s.count)) - 1);
  } else {
    for (; s.count < 56; s.count += 8, s.next++) {
      if (s.next < s.end) s.bits |= <u64>load<u8>(s.next) << (<u64>s.count);
    }
  }
}

@inline
export function take(s: Stream, bits: u32): u32 {
  const value = <u32>s.bits & ((1 << bits) - 1);
  s.bits >>= <u64>bits;
  s.count -= bits;
  return value;
}

/** Whether more has been consumed than there was. */
@inline
export function isOverrun(s: Stream): bool {
  return s.next - (s.count >> 3) > s.end;
}

/** Takes what was put out since into the checksum. */
export function addToSum(s: Stream): void {
  s.sum = adler32(s.sum, s.summed, s.out - s.summed);
  s.summed = s.out;
}

/** Puts unconsumed whole bytes back, so that less than 8 bits are held. */
@inline
export function unread(s: Stream): void {
  s.next -= s.count >> 3;
  s.count &= 7;
  s.bits &= (1 << s.count) - 1;
}
