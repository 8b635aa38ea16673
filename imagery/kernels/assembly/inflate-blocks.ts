/** What stands between the symbols of a deflate stream (RFC 1951): headers, code lengths, stored blocks, the end. */
import { buildTables, codeLengths } from './inflate-tables';
import {
  addToSum,
  isOverrun,
  refill,
  statusDamaged,
  statusDone,
  statusTooLong,
  statusTruncated,
  Stream,
  take,
} from './inflate-stream';

const lengthOrder = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
const lengthCodes = memory.data(32, 16);
const lengthTable = memory.data(2 * 128, 16);

/** Goes on to a block of codes or the end of the stream, over stored blocks. */
export function enterBlock(s: Stream): void {
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

/** Behind the last block, at a whole byte, stands the checksum of what was put out. */
function finish(s: Stream): void {
  take(s, s.count & 7);
  const from = s.next - (s.count >> 3);
  if (from + 4 > s.end) s.status = statusTruncated;
  else {
    addToSum(s);
    s.status = bswap<u32>(load<u32>(from)) === s.sum ? statusDone : statusDamaged;
  }
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
      const entry = <u16>((symbol << 4) | bits);
      for (; reversed < 128; reversed += 1 << bits) store<u16>(lengthTable + (reversed << 1), entry);
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
