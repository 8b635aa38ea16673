/**
 * Inflate (RFC 1950, 1951), two streams at a time: decoding waits for one table look-up after the other, and while one
 * stream waits the other one works. A look-up yields up to two literals, or a literal and the match after it, and all
 * of these take the same path without a branch. Source of much of it: libdeflate (tables, words of bits).
 */
import { addToSum, isOverrun, open, statusDone, statusTruncated, Stream, unread } from './inflate-stream';
import { enterBlock } from './inflate-blocks';
import { isRareNext, stepCarefully } from './inflate-carefully';
import {
  bothDistances,
  bothLiterals,
  distanceBits,
  distanceEntries,
  literalBits,
  literalTable,
  rare,
} from './inflate-tables';

const first = changetype<Stream>(memory.data(sizeof<Stream>() as i32 + 64, 64));
const second = changetype<Stream>(memory.data(sizeof<Stream>() as i32 + 64, 64));
const parkedOut = memory.data(64, 64);
const zeros = memory.data(64, 64);
/** Where a look-up without a match copies from, for nothing: further back than stores that are still under way. */
const idleDistance: u32 = 1024;
/** Output is summed while it is still in the cache. */
const sumAtOnce: usize = 8192;

/** Look-ups that certainly stay within input and output, and do not look back beyond the first byte for nothing. */
@inline
function safeSteps(s: Stream): i32 {
  if (s.out - s.outStart < idleDistance + 32) return 0;
  return min(<i32>((s.end - s.next) >> 3), <i32>((s.outEnd - s.out) >> 5)) - 1;
}

/**
 * Up to `steps` look-ups in each stream; stops at the first rare one, which is left to stepCarefully.
 *
 * `at` is a position in bits and lags three behind, which makes (word & mask) an offset into a table of 8-byte entries.
 * The entry of the next look-up is fetched with the bits at hand, while the word it will need is still being read.
 */
function race(a: Stream, b: Stream, steps: i32): i32 {
  let stopped = 0;
  const fromA = a.next - 2, startA = a.outStart - 1;
  const fromB = b.next - 2, startB = b.outStart - 1;
  let atA: u32 = 13 - a.count, outA = a.out - 1;
  let atB: u32 = 13 - b.count, outB = b.out - 1;
  const literalMask: u32 = ((1 << literalBits) - 1) << 3;
  const distanceMask: u32 = ((1 << distanceBits) - 1) << 3;
  let entryA = load<i32>(<usize>(load<u64>(fromA + (atA >> 3)) >> (atA & 7)) & literalMask, bothLiterals);
  let entryB = load<i32>(<usize>(load<u64>(fromB + (atB >> 3)) >> (atB & 7)) & literalMask, bothLiterals + 4);

  while (true) {
    const afterA = (load<u64>(fromA + (atA >> 3)) >> (atA & 7)) >> (entryA & 63);
    const slotA = <usize>afterA & distanceMask;
    const isMatchA = entryA >> 31;
    const codeA = load<i32>(slotA, bothDistances) & isMatchA;
    if (((entryA | codeA) & rare) !== 0) {
      stopped = 1;
      break;
    }
    const farA = load<u32>(slotA, bothDistances + 4);
    const extraA = (<u32>afterA >> (codeA >> 8)) & (farA >> 16);
    const distanceA = (((farA & 0xffff) + extraA) & isMatchA) | (idleDistance & ~isMatchA);
    const matchA = outA + ((<usize>entryA >> 6) & 3);
    if (distanceA >= <u32>(matchA - startA)) {
      stopped = 1;
      break;
    }
    store<u16>(outA, <u16>(entryA >> 15), 1);
    v128.store(matchA, v128.load(matchA - distanceA), 1);
    outA = matchA + ((<usize>entryA >> 8) & 31);
    atA += (entryA & 63) + (codeA & 63);
    entryA = load<i32>(<usize>(afterA >> (codeA & 63)) & literalMask, bothLiterals);

    const afterB = (load<u64>(fromB + (atB >> 3)) >> (atB & 7)) >> (entryB & 63);
    const slotB = <usize>afterB & distanceMask;
    const isMatchB = entryB >> 31;
    const codeB = load<i32>(slotB, bothDistances + 8 * distanceEntries) & isMatchB;
    if (((entryB | codeB) & rare) !== 0) {
      stopped = 2;
      break;
    }
    const farB = load<u32>(slotB, bothDistances + 8 * distanceEntries + 4);
    const extraB = (<u32>afterB >> (codeB >> 8)) & (farB >> 16);
    const distanceB = (((farB & 0xffff) + extraB) & isMatchB) | (idleDistance & ~isMatchB);
    const matchB = outB + ((<usize>entryB >> 6) & 3);
    if (distanceB >= <u32>(matchB - startB)) {
      stopped = 2;
      break;
    }
    store<u16>(outB, <u16>(entryB >> 15), 1);
    v128.store(matchB, v128.load(matchB - distanceB), 1);
    outB = matchB + ((<usize>entryB >> 8) & 31);
    atB += (entryB & 63) + (codeB & 63);
    entryB = load<i32>(<usize>(afterB >> (codeB & 63)) & literalMask, bothLiterals + 4);

    if (--steps === 0) break;
  }
  resume(a, fromA, atA + 3, outA + 1);
  resume(b, fromB, atB + 3, outB + 1);
  return stopped;
}

/** The stream's state at `at` bits behind `from`. */
@inline
function resume(s: Stream, from: usize, at: u32, out: usize): void {
  s.next = from + ((at + 7) >> 3);
  s.count = <u32>-<i32>at & 7;
  s.bits = s.count === 0 ? 0 : <u64>load<u8>(s.next - 1) >> (8 - s.count);
  s.out = out;
}

/** Makes a stream one that stands still: its bits are zeros for ever, its only entry consumes and writes nothing. */
function park(s: Stream): void {
  store<u32>(literalTable(s.which), 0);
  s.bits = 0;
  s.count = 0;
  s.next = zeros + 8;
  s.end = zeros + (1 << 30);
  s.outStart = parkedOut - 2 * idleDistance;
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
  if (s.out - s.summed > sumAtOnce) addToSum(s);
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
