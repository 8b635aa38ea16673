/**
 * Decoding tables of one block of a deflate stream (RFC 1951), and how they are filled. A table is indexed with the next
 * bits of the stream; entries lie 8 bytes apart, so that two streams' literal tables interleave (4 bytes each).
 *
 * Literal/length entry, 32 bits:
 *    0–5   bits to consume       6–7  literals before a match, 0–2     8–12  match length, 3–16, or 0
 *   14     rare: look closer    15–30 the literals                      31   a match follows
 *  Rare: 6–7 kind. Sub-table: 8–11 its index bits, 15–28 its first entry. Long length: 15–23 base, 24–26 extra bits.
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
export const kindNear: u32 = 2 << 6;
export const kindMask: u32 = 3 << 6;

/** One byte per symbol: the lengths of the codes of the block being set up. */
export const codeLengths = memory.data(320 + 16, 16);
export const bothLiterals = memory.data(8 * literalEntries, 64);
export const bothDistances = memory.data(2 * 8 * distanceEntries, 64);
const sorted = memory.data(2 * 288, 16);
const literalOf = memory.data(4 * 288, 16);
const distanceOf = memory.data(8 * 32, 16);
const counts = memory.data(4 * 16, 16);
const places = memory.data(4 * 16, 16);

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
 * Fills a table from code lengths. False where they are no prefix code: too many codes, or too few, but for none and
 * for a single code of one bit, whose other half then is invalid (as zlib has it).
 */
function fill<T>(table: usize, tableBits: u32, lengths: usize, symbols: u32): bool {
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
    if (room < 0) return false;
    store<u32>(places + (length << 2), place);
    place += count;
    if (count > 0) longest = length;
  }
  if (room > 0 && longest > 1) return false;
  if (room > 0) for (let i: u32 = 0; i < 1 << tableBits; i++) put<T>(table, i, <T>(rare | kindInvalid));
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = load<u8>(lengths + symbol);
    if (length === 0) continue;
    const at = places + (<usize>length << 2);
    const slot = load<u32>(at);
    store<u16>(sorted + (slot << 1), <u16>symbol);
    store<u32>(at, slot + 1);
  }
  spread<T>(table, tableBits, place, lengths);
  return true;
}

/** Puts the codes in order of length, bit-reversed as they stand in the stream, into table and sub-tables. */
function spread<T>(table: usize, tableBits: u32, codes: u32, lengths: usize): void {
  const tableSize: u32 = 1 << tableBits;
  let code: u32 = 0;
  let free = tableSize;
  let prefix: u32 = 0xffffffff;
  let subTable: u32 = 0;
  let subBits: u32 = 0;
  for (let i: u32 = 0; i < codes; i++) {
    const symbol = <u32>load<u16>(sorted + (i << 1));
    const length = <u32>load<u8>(lengths + symbol);
    if (length <= tableBits) {
      const entry = entryOf<T>(symbol, length);
      for (let at = code; at < tableSize; at += 1 << length) put<T>(table, at, entry);
    } else {
      if ((code & (tableSize - 1)) !== prefix) {
        prefix = code & (tableSize - 1);
        subTable = free;
        subBits = subTableBits(i, codes, length, tableBits, lengths);
        free += 1 << subBits;
        put<T>(table, prefix, <T>(rare | kindSubTable | (subBits << 8) | (subTable << 15)));
      }
      const entry = entryOf<T>(symbol, length - tableBits);
      for (let at = code >> tableBits; at < 1 << subBits; at += 1 << (length - tableBits)) put<T>(table, subTable + at, entry);
    }
    code = nextCode(code, length);
  }
}

/** The code after a bit-reversed one of the same length: what carries runs from the highest bit down. */
@inline function nextCode(code: u32, length: u32): u32 {
  const ones = code ^ ((1 << length) - 1);
  if (ones === 0) return 0;
  const bit: u32 = 1 << (31 - clz<u32>(ones));
  return (code & (bit - 1)) | bit;
}

/** Index bits of a sub-table whose first, shortest code is the i-th: as many as its codes need to be complete. */
function subTableBits(i: u32, codes: u32, length: u32, tableBits: u32, lengths: usize): u32 {
  let bits = length - tableBits;
  let room: i32 = 1 << bits;
  for (; i < codes; i++) {
    const next = <u32>load<u8>(lengths + load<u16>(sorted + (i << 1))) - tableBits;
    while (bits < next) {
      bits++;
      room <<= 1;
    }
    if (--room <= 0) break;
  }
  return bits;
}

/** Where a literal's code leaves room for the next, a literal or a short match, one look-up yields both. */
function pairLiterals(table: usize): void {
  for (let i: i32 = (1 << literalBits) - 1; i >= 0; i--) {
    const entry = load<u32>(table + (<usize>i << 3));
    if ((entry & (rare | isMatch)) !== 0) continue;
    const bits = entry & 63;
    // Not paired yet itself, since its index is smaller, or the same.
    const next = load<u32>(table + (<usize>(i >> bits) << 3));
    if ((next & rare) !== 0 || bits + (next & 63) > <u32>literalBits) continue;
    store<u32>(table + (<usize>i << 3), entry + (next & 0x80007fff) + ((next & 0x007f8000) << 8));
  }
}

/** Sets a stream's tables from codeLengths, literals first. False where they are no prefix codes. */
export function buildTables(which: i32, literals: i32, distances: i32): bool {
  if (load<u64>(distanceOf) === 0) describeSymbols();
  const table = literalTable(which);
  if (!fill<u32>(table, literalBits, codeLengths, literals)) return false;
  pairLiterals(table);
  return fill<u64>(distanceTable(which), distanceBits, codeLengths + literals, distances);
}
