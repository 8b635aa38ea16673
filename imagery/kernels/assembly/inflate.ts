/**
 * Inflate (RFC 1950, 1951), two streams at a time: decoding waits for table look-ups and guesses branches wrong, and
 * while one stream waits the other one works. Literals and short matches take the same path without a branch.
 * Ideas: libdeflate (refill, tables), ours: a look-up yields a literal and the match after it.
 */
import {
  buildTables,
  codeLengths,
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

/** How a stream ended; 0 while it runs. */
export const statusDone: i32 = 1;
export const statusDamaged: i32 = 2;
export const statusTruncated: i32 = 3;
/** It holds more than was asked for. */
export const statusTooLong: i32 = 4;

@unmanaged
class Stream {
  /** Bits read and not consumed, lowest first; those above `count` are 0. */
  bits: u64;
  count: u32;
  /** Next byte to read. Beyond `end` there are zeros, which are never read from memory. */
  next: usize;
  end: usize;
  out: usize;
  outStart: usize;
  outEnd: usize;
  which: i32;
  status: i32;
  produced: usize;
  lastBlock: bool;
  /** Within a block of codes, whose tables are set. */
  inBlock: bool;
}

const first = changetype<Stream>(memory.data(sizeof<Stream>() as i32 + 64, 64));
const second = changetype<Stream>(memory.data(sizeof<Stream>() as i32 + 64, 64));
const lengthOrder = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
const lengthCodes = memory.data(32, 16);
const lengthTable = memory.data(2 * 128, 16);
const parkedOut = memory.data(64, 64);
const zeros = memory.data(64, 64);

function open(s: Stream, which: i32, from: usize, bytes: usize, to: usize, capacity: usize): void {
  s.bits = 0;
  s.count = 0;
  s.next = from + 2;
  s.end = from + bytes;
  s.out = to;
  s.outStart = to;
  s.outEnd = to + capacity;
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
function refill(s: Stream): void {
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
function take(s: Stream, bits: u32): u32 {
  const value = <u32>s.bits & ((1 << bits) - 1);
  s.bits >>= <u64>bits;
  s.count -= bits;
  return value;
}

/** Whether more has been consumed than there was. */
@inline
function isOverrun(s: Stream): bool {
  return s.next - (s.count >> 3) > s.end;
}

/** Goes on to a block of codes or the end of the stream, over stored blocks. */
function enterBlock(s: Stream): void {
  while (s.status === 0 && !s.inBlock) {
    if (s.lastBlock) {
      finish(s);
      return;
    }
    refill(s);
    s.lastBlock = take(s, 1) !== 0;
    const kind = take(s, 2);
    if (kind === 0) copyStored(s);
    else if (kind === 1) useFixedCodes(s);
    else if (kind === 2) readCodes(s);
    else s.status = statusDamaged;
    if (isOverrun(s)) s.status = statusTruncated;
  }
}

function finish(s: Stream): void {
  take(s, s.count & 7);
  s.status = statusDone;
}

function copyStored(s: Stream): void {
  take(s, s.count & 7);
  const from = s.next - (s.count >> 3);
  s.bits = 0;
  s.count = 0;
  if (from + 4 > s.end) {
    s.status = statusTruncated;
    return;
  }
  const length = <u32>load<u16>(from);
  s.next = from + 4 + length;
  if ((length ^ 0xffff) !== <u32>load<u16>(from, 2)) s.status = statusDamaged;
  else if (s.next > s.end) s.status = statusTruncated;
  else if (length > <u32>(s.outEnd - s.out)) s.status = statusTooLong;
  else {
    memory.copy(s.out, from + 4, length);
    s.out += length;
  }
}

function useFixedCodes(s: Stream): void {
  memory.fill(codeLengths, 8, 144);
  memory.fill(codeLengths + 144, 9, 112);
  memory.fill(codeLengths + 256, 7, 24);
  memory.fill(codeLengths + 280, 8, 8);
  memory.fill(codeLengths + 288, 5, 32);
  buildTables(s.which, 288, 32);
  s.inBlock = true;
}

function readCodes(s: Stream): void {
  const literals = take(s, 5) + 257;
  const distances = take(s, 5) + 1;
  const lengths = take(s, 4) + 4;
  if (literals > 286 || distances > 30) {
    s.status = statusDamaged;
    return;
  }
  memory.fill(lengthCodes, 0, 19);
  for (let i: u32 = 0; i < lengths; i++) {
    refill(s);
    store<u8>(lengthCodes + load<u8>(lengthOrder + i), <u8>take(s, 3));
  }
  const good = fillLengthTable() && readLengths(s, literals + distances) && load<u8>(codeLengths, 256) !== 0;
  if (good && buildTables(s.which, literals, distances)) s.inBlock = true;
  else if (s.status === 0) s.status = statusDamaged;
}

/** The table of the code that code lengths are written in: symbol << 4 | bits. */
function fillLengthTable(): bool {
  let code: u32 = 0;
  let filled: u32 = 0;
  for (let bits: u32 = 1; bits < 8; bits++) {
    for (let symbol: u32 = 0; symbol < 19; symbol++) {
      if (<u32>load<u8>(lengthCodes + symbol) !== bits) continue;
      if (code >= 1 << bits) return false;
      // Codes stand in the stream from their highest bit on.
      let reversed: u32 = 0;
      for (let i: u32 = 0; i < bits; i++) reversed |= ((code >> i) & 1) << (bits - 1 - i);
      for (; reversed < 128; reversed += 1 << bits) store<u16>(lengthTable + (reversed << 1), <u16>((symbol << 4) | bits));
      filled += 128 >> bits;
      code++;
    }
    code <<= 1;
  }
  return filled === 128;
}

function readLengths(s: Stream, wanted: u32): bool {
  let at: u32 = 0;
  while (at < wanted) {
    refill(s);
    if (isOverrun(s)) return false;
    const entry = <u32>load<u16>(lengthTable + ((<u32>s.bits & 127) << 1));
    take(s, entry & 15);
    const symbol = entry >> 4;
    if (symbol < 16) {
      store<u8>(codeLengths + at++, <u8>symbol);
      continue;
    }
    let repeated: u8 = 0;
    if (symbol === 16) {
      if (at === 0) return false;
      repeated = load<u8>(codeLengths + at - 1);
    }
    const times = symbol === 16 ? 3 + take(s, 2) : symbol === 17 ? 3 + take(s, 3) : 11 + take(s, 7);
    if (at + times > wanted) return false;
    memory.fill(codeLengths + at, repeated, times);
    at += times;
  }
  return true;
}

/** One look-up of any kind, with every bound checked. */
function stepCarefully(s: Stream): void {
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
  const extra = <u32>(s.bits >> ((entry & 63) - 3)) & <u32>(entry >> 32);
  take(s, (<u32>entry >> 8) & 63);
  return 1 + (<u32>entry >> 16) + extra;
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

/** Look-ups that are certain to stay within input and output, and behind the first byte. */
@inline
function safeSteps(s: Stream): i32 {
  if (s.out === s.outStart) return 0;
  return min(<i32>((s.end - s.next) >> 3), <i32>((s.outEnd - s.out) >> 5)) - 1;
}

/** Puts unconsumed whole bytes back, so that less than 8 bits are held. */
@inline
function unread(s: Stream): void {
  s.next -= s.count >> 3;
  s.count &= 7;
  s.bits &= (1 << s.count) - 1;
}

/**
 * Up to `steps` look-ups in each stream; stops at the first rare one, which is left to stepCarefully.
 *
 * The word of bits lags three behind, which makes (word & mask) an offset into a table of 8-byte entries. Only the low
 * six bits of a bit count mean anything, as shifts look at no more; so entries are subtracted whole.
 */
function race(a: Stream, b: Stream, steps: i32): i32 {
  let stopped = 0;
  let wordA = a.bits << 3, countA = <u64>a.count + 3, nextA = a.next, outA = a.out - 1;
  let wordB = b.bits << 3, countB = <u64>b.count + 3, nextB = b.next, outB = b.out - 1;
  const startA = a.outStart - 1, startB = b.outStart - 1;
  const literalMask: u64 = ((1 << literalBits) - 1) << 3;
  const distanceMask: u64 = ((1 << distanceBits) - 1) << 3;

  wordA |= load<u64>(nextA) << countA;
  nextA += 7 - (<usize>(countA >> 3) & 7);
  countA |= 56;
  let entryA = <i64>load<i32>(literalTable(0) + <usize>(wordA & literalMask));
  wordB |= load<u64>(nextB) << countB;
  nextB += 7 - (<usize>(countB >> 3) & 7);
  countB |= 56;
  let entryB = <i64>load<i32>(literalTable(1) + <usize>(wordB & literalMask));

  while (true) {
    wordA |= load<u64>(nextA) << countA;
    nextA += 7 - (<usize>(countA >> 3) & 7);
    countA |= 56;
    const afterA = wordA >> <u64>entryA;
    const farA = load<u64>(distanceTable(0) + <usize>(afterA & distanceMask)) & <u64>(entryA >> 63);
    const distanceA = (<u32>farA >> 16) + (<u32>(afterA >> farA) & <u32>(farA >> 32));
    const matchA = outA + ((<usize>entryA >> 6) & 3);
    if (((<u32>entryA | <u32>farA) & rare) !== 0 || distanceA >= <u32>(matchA - startA)) {
      stopped = 1;
      break;
    }
    store<u16>(outA, <u16>(entryA >> 15), 1);
    v128.store(matchA, v128.load(matchA - distanceA), 1);
    outA = matchA + ((<usize>entryA >> 8) & 31);
    wordA = afterA >> (farA >> 8);
    countA -= <u64>entryA + (farA >> 8);
    entryA = <i64>load<i32>(literalTable(0) + <usize>(wordA & literalMask));

    wordB |= load<u64>(nextB) << countB;
    nextB += 7 - (<usize>(countB >> 3) & 7);
    countB |= 56;
    const afterB = wordB >> <u64>entryB;
    const farB = load<u64>(distanceTable(1) + <usize>(afterB & distanceMask)) & <u64>(entryB >> 63);
    const distanceB = (<u32>farB >> 16) + (<u32>(afterB >> farB) & <u32>(farB >> 32));
    const matchB = outB + ((<usize>entryB >> 6) & 3);
    if (((<u32>entryB | <u32>farB) & rare) !== 0 || distanceB >= <u32>(matchB - startB)) {
      stopped = 2;
      break;
    }
    store<u16>(outB, <u16>(entryB >> 15), 1);
    v128.store(matchB, v128.load(matchB - distanceB), 1);
    outB = matchB + ((<usize>entryB >> 8) & 31);
    wordB = afterB >> (farB >> 8);
    countB -= <u64>entryB + (farB >> 8);
    entryB = <i64>load<i32>(literalTable(1) + <usize>(wordB & literalMask));

    if (--steps === 0) break;
  }
  a.bits = wordA >> 3;
  a.count = (<u32>countA & 63) - 3;
  a.next = nextA;
  a.out = outA + 1;
  b.bits = wordB >> 3;
  b.count = (<u32>countB & 63) - 3;
  b.next = nextB;
  b.out = outB + 1;
  unread(a);
  unread(b);
  return stopped;
}

/** Makes a stream one that stands still: its bits are zeros for ever, its only entry consumes and writes nothing. */
function park(s: Stream): void {
  store<u32>(literalTable(s.which), 0);
  s.bits = 0;
  s.count = 0;
  s.next = zeros;
  s.end = zeros + (1 << 30);
  s.outStart = parkedOut;
  s.out = parkedOut + 16;
  s.outEnd = parkedOut + (1 << 30);
}

/** Takes a stream over what race() leaves: block headers, rare symbols, its first and last bytes. */
function settle(s: Stream): void {
  do {
    if (!s.inBlock) enterBlock(s);
    if (s.status === 0) stepCarefully(s);
    if (s.status <= statusDone && isOverrun(s)) s.status = statusTruncated;
    if (s.status !== 0) {
      s.produced = s.out - s.outStart;
      park(s);
      return;
    }
    unread(s);
  } while (!s.inBlock || safeSteps(s) <= 0 || isRareNext(s));
}

@inline
function isRareNext(s: Stream): bool {
  refill(s);
  const entry = load<u32>(literalTable(s.which) + ((<usize>s.bits & ((1 << literalBits) - 1)) << 3));
  unread(s);
  return (entry & rare) !== 0;
}

/** Bytes that a stream of the last inflatePair put out. */
export function inflatedBytes(which: i32): usize {
  return which === 0 ? first.produced : second.produced;
}

/**
 * Inflates two zlib streams.
 * @returns how each ended, as status of the first | status of the second << 8
 */
export function inflatePair(
  fromA: usize, bytesA: usize, toA: usize, capacityA: usize,
  fromB: usize, bytesB: usize, toB: usize, capacityB: usize,
): i32 {
  open(first, 0, fromA, bytesA, toA, capacityA);
  open(second, 1, fromB, bytesB, toB, capacityB);
  settle(first);
  settle(second);
  while (first.status === 0 || second.status === 0) {
    const stepsA = safeSteps(first);
    const stepsB = safeSteps(second);
    if (stepsA <= 0) settle(first);
    else if (stepsB <= 0) settle(second);
    else {
      const stopped = race(first, second, min(stepsA, stepsB));
      if (stopped === 1) settle(first);
      else if (stopped === 2) settle(second);
    }
  }
  return first.status | (second.status << 8);
}

/** Inflates one zlib stream. @returns how it ended */
export function inflateOne(from: usize, bytes: usize, to: usize, capacity: usize): i32 {
  open(first, 0, from, bytes, to, capacity);
  second.status = statusDone;
  park(second);
  settle(first);
  while (first.status === 0) {
    const steps = safeSteps(first);
    if (steps <= 0 || race(first, second, steps) !== 0) settle(first);
  }
  return first.status;
}
