/**
 * Decoding tables of one block of a deflate stream (RFC 1951), and how they are filled. A table is indexed with the
 * next bits of the stream; entries lie 8 bytes apart, so that two streams' literal tables interleave (4 bytes each).
 *
 * Literal/length entry, 32 bits:
 *    0–5   bits to consume       6–7  literals before a match, 0–2     8–12  match length, 3–16, or 0
 *   14     rare: look closer    15–30 the literals                      31   a match follows
 *  Rare: 6–7 kind. Sub-table: 8–11 its index bits, 15–28 first entry. Long length: 15–23 base, 24–26 extra bits.
 *
 * Distance entry, 64 bits:
 *    0–5   bits of code and extra     6–7  kind (rare only)   8–12 bits of the code + 3   14 rare
 *   32–47  smallest distance − 1     48–63 mask of the extra bits
 *  Rare: sub-table as above; near: distances below 17, whose source and target overlap in a 16-byte copy.
 */
export const literalBits: i32 = 12;
export const distanceBits: i32 = 9;
/** A sub-table with k index bits holds at least k + 1 codes: 2 entries per symbol at 12 + 3 bits, 10 at 9 + 6 bits. */
const literalEntries: i32 = (1 << literalBits) + 2 * 288;
export const distanceEntries: i32 = (1 << distanceBits) + 10 * 32;

export const rare: u32 = 1 << 14;
export const isMatch: u32 = 1 << 31;
export const kindInvalid: u32 = 0 << 6;
export const kindSubTable: u32 = 1 << 6;
export const kindEndOfBlock: u32 = 2 << 6;
export const kindLongLength: u32 = 3 << 6;
export const kindMask: u32 = 3 << 6;
const kindNear: u32 = 2 << 6;

/** One byte per symbol: the lengths of the codes of the block being set up. */
export const codeLengths = memory.data(320 + 16, 16);
export const bothLiterals = memory.data(8 * literalEntries, 64);
export const bothDistances = memory.data(2 * 8 * distanceEntries, 64);
const literalOf = memory.data(4 * 288, 16);
const distanceOf = memory.data(8 * 32, 16);
const counts = memory.data(4 * 16, 16);
const places = memory.data(4 * 16, 16);
/** Symbols by the lengths of their codes, and those codes, as they stand in the stream: from the last bit on. */
const sorted = memory.data(2 * 288, 16);
const codes = memory.data(2 * 288, 16);
/** The literal table before one look-up yields two symbols; its entries lie next to each other. */
const single = memory.data(4 << literalBits, 64);

const longestMatch: u32 = 16;

@inline export function literalTable(which: i32): usize { return bothLiterals + 4 * which; }
@inline export function distanceTable(which: i32): usize { return bothDistances + 8 * distanceEntries * which; }

/** Entries of every symbol, but for the bits to consume. */
function describeSymbols(): void {
  for (let symbol: u32 = 0; symbol < 288; symbol++) store<u32>(literalOf + (symbol << 2), literalEntry(symbol));
  for (let symbol: u32 = 0; symbol < 32; symbol++) store<u64>(distanceOf + (symbol << 3), distanceEntry(symbol));
}

function literalEntry(symbol: u32): u32 {
  if (symbol < 256) return (1 << 6) | (symbol << 15);
  if (symbol === 256) return rare | kindEndOfBlock;
  if (symbol > 285) return rare | kindInvalid;
  let extra: u32 = 0;
  let length: u32 = symbol - 254;
  if (symbol === 285) length = 258;
  else if (symbol > 264) {
    extra = (symbol - 261) >> 2;
    length = 3 + ((4 + ((symbol - 261) & 3)) << extra);
  }
  if (extra === 0 && length <= longestMatch) return isMatch | (length << 8);
  return rare | kindLongLength | (length << 15) | (extra << 24);
}

function distanceEntry(symbol: u32): u64 {
  if (symbol > 29) return rare | kindInvalid;
  const extra = symbol < 4 ? 0 : (symbol - 2) >> 1;
  const base = symbol < 4 ? symbol : (2 + (symbol & 1)) << extra;
  const near = symbol < 8 ? rare | kindNear : 0;
  return <u64>((3 << 8) | near | extra) | (<u64>(base | (((1 << extra) - 1) << 16)) << 32);
}

/** An entry for codes of `bits` bits. */
@inline function entryOf<T>(symbol: u32, bits: u32): T {
  if (sizeof<T>() === 4) return <T>(load<u32>(literalOf + (symbol << 2)) + bits);
  return <T>(load<u64>(distanceOf + (symbol << 3)) + <u64>(bits | (bits << 8)));
}

@inline function put<T>(table: usize, index: u32, entry: T): void { store<T>(table + (<usize>index << 3), entry); }

/**
 * Sorts symbols by the lengths of their codes. -1 where those are no prefix code: too many codes, or too few, but for
 * none and for a single code of one bit, whose other half then is invalid (as zlib has it). Else the number of codes.
 */
function sortSymbols(lengths: usize, symbols: u32): i32 {
  memory.fill(counts, 0, 64);
  for (let i: u32 = 0; i < symbols; i++) {
    const at = counts + (<usize>load<u8>(lengths + i) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let room = 1;
  let place: u32 = 0;
  let longest: u32 = 0;
  for (let length: u32 = 1; length < 16; length++) {
    const count = load<u32>(counts + (length << 2));
    room = (room << 1) - count;
    if (room < 0) return -1;
    store<u32>(places + (length << 2), place);
    place += count;
    if (count > 0) longest = length;
  }
  if (room > 0 && longest > 1) return -1;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = load<u8>(lengths + symbol);
    if (length === 0) continue;
    const at = places + (<usize>length << 2);
    const slot = load<u32>(at);
    store<u16>(sorted + (slot << 1), <u16>symbol);
    store<u32>(at, slot + 1);
  }
  return place;
}

/**
 * Fills `table`, whose entries lie next to each other, from the sorted symbols: codes of one length after the other,
 * what is there doubled in between. Sub-tables go to `long`, whose entries lie 8 bytes apart.
 * @returns how many codes are no longer than the table's index
 */
function fill<T>(table: usize, long: usize, tableBits: u32, count: u32, lengths: usize): u32 {
  let bits: u32 = 0;
  let code: u32 = 0;
  let i: u32 = 0;
  // Incomplete codes leave the second of these as it is.
  store<T>(table, <T>(rare | kindInvalid));
  store<T>(table, <T>(rare | kindInvalid), sizeof<T>());
  for (; i < count; i++) {
    const symbol = <u32>load<u16>(sorted + (i << 1));
    const length = <u32>load<u8>(lengths + symbol);
    if (length > tableBits) break;
    for (; bits < length; bits++) if (i > 0) double<T>(table, bits);
    store<T>(table + code * sizeof<T>(), entryOf<T>(symbol, length));
    store<u16>(codes + (i << 1), <u16>code);
    code = nextCode(code, length);
  }
  for (; bits < tableBits; bits++) double<T>(table, bits);
  if (i < count) fillLong<T>(table, long, tableBits, i, code, count, lengths);
  return i;
}

// @ts-ignore: decorator
@inline
function double<T>(table: usize, bits: u32): void {
  const bytes = sizeof<T>() << bits;
  memory.copy(table + bytes, table, bytes);
}

/** Codes from the i-th on, which is `code`, are longer than the table's index: sub-tables. */
function fillLong<T>(
  table: usize, long: usize, tableBits: u32, i: u32, code: u32, count: u32, lengths: usize,
): void {
  const prefixMask: u32 = (1 << tableBits) - 1;
  let free: u32 = 1 << tableBits;
  let prefix: u32 = 0xffffffff;
  let subTable: u32 = 0;
  let subBits: u32 = 0;
  for (; i < count; i++) {
    const symbol = <u32>load<u16>(sorted + (i << 1));
    const length = <u32>load<u8>(lengths + symbol);
    if ((code & prefixMask) !== prefix) {
      prefix = code & prefixMask;
      subTable = free;
      subBits = subTableBits(i, count, length, tableBits, lengths);
      free += 1 << subBits;
      const pointer = <T>(rare | kindSubTable | (subBits << 8) | (subTable << 15));
      store<T>(table + prefix * sizeof<T>(), pointer);
      put<T>(long, prefix, pointer);
    }
    const entry = entryOf<T>(symbol, length - tableBits);
    const step: u32 = 1 << (length - tableBits);
    for (let at = code >> tableBits; at < 1 << subBits; at += step) put<T>(long, subTable + at, entry);
    code = nextCode(code, length);
  }
}

/** The code after a bit-reversed one of the same length: what carries runs from the highest bit down. */
// @ts-ignore: decorator
@inline
function nextCode(code: u32, length: u32): u32 {
  const ones = code ^ ((1 << length) - 1);
  if (ones === 0) return 0;
  const bit: u32 = 1 << (31 - clz<u32>(ones));
  return (code & (bit - 1)) | bit;
}

/** Index bits of a sub-table whose first, shortest code is the i-th: as many as its codes need to be complete. */
function subTableBits(i: u32, count: u32, length: u32, tableBits: u32, lengths: usize): u32 {
  let bits = length - tableBits;
  let room: i32 = 1 << bits;
  for (; i < count; i++) {
    const next = <u32>load<u8>(lengths + load<u16>(sorted + (i << 1))) - tableBits;
    while (bits < next) {
      bits++;
      room <<= 1;
    }
    if (--room <= 0) break;
  }
  return bits;
}

/**
 * Spreads the first `count` codes over the literal table. Where a literal's code leaves room for the next, that of a
 * literal or a short match, one look-up yields both.
 */
function spreadLiterals(table: usize, count: u32, lengths: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const symbol = <u32>load<u16>(sorted + (i << 1));
    const bits = <u32>load<u8>(lengths + symbol);
    const entry = entryOf<u32>(symbol, bits);
    const step = <usize>8 << bits;
    const left = <u32>literalBits - bits;
    let at = table + (<usize>load<u16>(codes + (i << 1)) << 3);
    const end = table + (8 << literalBits);
    if (symbol > 255) {
      for (; at < end; at += step) store<u32>(at, entry);
      continue;
    }
    for (let follows = single; at < end; at += step, follows += 4) {
      const next = load<u32>(follows);
      const both = entry + (next & 0x80007fff) + ((next & 0x007f8000) << 8);
      store<u32>(at, select<u32>(both, entry, ((next & rare) | u32((next & 63) > left)) === 0));
    }
  }
}

/** Sets a stream's tables from codeLengths, literals first. False where they are no prefix codes. */
export function buildTables(which: i32, literals: i32, distances: i32): bool {
  if (load<u64>(distanceOf) === 0) describeSymbols();
  const table = literalTable(which);
  let count = sortSymbols(codeLengths, literals);
  if (count < 0) return false;
  spreadInvalid(table, count);
  spreadLiterals(table, fill<u32>(single, table, literalBits, count, codeLengths), codeLengths);
  count = sortSymbols(codeLengths + literals, distances);
  if (count < 0) return false;
  fill<u64>(distanceTable(which), distanceTable(which), distanceBits, count, codeLengths + literals);
  return true;
}

/** A literal code of a single symbol leaves half of the table, and one of none all of it, to no symbol. */
function spreadInvalid(table: usize, count: u32): void {
  if (count > 1) return;
  for (let i: u32 = 0; i < 1 << literalBits; i++) put<u32>(table, i, rare | kindInvalid);
}
