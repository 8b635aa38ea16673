/** Symbols one at a time, with every bound checked: what inflate.ts leaves aside. */
import {
  distanceBits,
  distanceTable,
  isMatch,
  kindEndOfBlock,
  kindInvalid,
  kindLongLength,
  kindMask,
  kindSubTable,
  literalBits,
  literalTable,
  rare,
} from './inflate-tables';
import { refill, statusDamaged, statusTooLong, Stream, take, unread } from './inflate-stream';

/** One look-up of any kind, with every bound checked. */
export function stepCarefully(s: Stream): void {
  refill(s);
  const literals = literalTable(s.which);
  let entry = load<u32>(literals + ((<usize>s.bits & ((1 << literalBits) - 1)) << 3));
  if ((entry & (rare | kindMask)) === (rare | kindSubTable)) {
    take(s, literalBits);
    const index = <usize>(((entry >> 15) & 0x3fff) + (<u32>s.bits & ((1 << ((entry >> 8) & 15)) - 1)));
    entry = load<u32>(literals + (index << 3));
  }
  take(s, entry & 63);
  let length = (entry >> 8) & 31;
  if ((entry & rare) !== 0) {
    const kind = entry & kindMask;
    if (kind === kindEndOfBlock) s.inBlock = false;
    if (kind === kindInvalid) s.status = statusDamaged;
    if (kind !== kindLongLength) return;
    length = ((entry >> 15) & 511) + take(s, (entry >> 24) & 7);
  } else {
    for (let i = (entry >> 6) & 3, bytes = entry >> 15; i > 0; i--, bytes >>= 8) {
      if (s.out === s.outEnd) {
        s.status = statusTooLong;
        return;
      }
      store<u8>(s.out++, <u8>bytes);
    }
    if ((entry & isMatch) === 0) return;
  }
  const distance = takeDistance(s);
  if (s.status !== 0) return;
  if (distance > s.out - s.outStart) s.status = statusDamaged;
  else if (length > <u32>(s.outEnd - s.out)) s.status = statusTooLong;
  else {
    copyMatch(s.out, distance, length, s.outEnd);
    s.out += length;
  }
}

function takeDistance(s: Stream): usize {
  const table = distanceTable(s.which);
  let entry = load<u64>(table + ((<usize>s.bits & ((1 << distanceBits) - 1)) << 3));
  if ((<u32>entry & (rare | kindMask)) === (rare | kindSubTable)) {
    take(s, distanceBits);
    const index = <usize>(((<u32>entry >> 15) & 0x3fff) + (<u32>s.bits & ((1 << ((<u32>entry >> 8) & 15)) - 1)));
    entry = load<u64>(table + (index << 3));
  }
  if ((<u32>entry & (rare | kindMask)) === (rare | kindInvalid)) {
    s.status = statusDamaged;
    return 0;
  }
  const extra = <u32>(s.bits >> (((entry >> 8) & 31) - 3)) & <u32>(entry >> 48);
  take(s, <u32>entry & 63);
  return 1 + (<u32>(entry >> 32) & 0xffff) + extra;
}

/** Copies what may overlap; 16 bytes at a time where the buffer has room for the last ones. */
function copyMatch(to: usize, distance: usize, length: usize, end: usize): void {
  const stop = to + length;
  // A pattern of d bytes is also one of k · d bytes, of which 16 at a time do not overlap.
  let period = distance;
  if (period < 16) period *= (15 + distance) / distance;
  const plain = end - stop < 16 ? stop : period === distance ? to : min(stop, to + period);
  while (to < plain) {
    store<u8>(to, load<u8>(to - distance));
    to++;
  }
  for (; to < stop; to += 16) v128.store(to, v128.load(to - period));
}

/** Whether the next look-up is one for stepCarefully. */
@inline
export function isRareNext(s: Stream): bool {
  refill(s);
  const entry = load<u32>(literalTable(s.which) + ((<usize>s.bits & ((1 << literalBits) - 1)) << 3));
  unread(s);
  return (entry & rare) !== 0;
}
