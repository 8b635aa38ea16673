/**
 * TIFF's LZW (TIFF 6.0 section 13): codes of 9–12 bits, most significant bit first, widened one code early. A string of
 * the dictionary is a stretch of what has been put out already (or a byte of its own), so an entry is just an address
 * and a length, and decoding is copying.
 */
const clearCode: u32 = 256;
const endCode: u32 = 257;
const firstFree: u32 = 258;

/** 4097 entries: address in the low, length in the high half. */
const strings = memory.data(8 * 4097, 64);
const singles = memory.data(256 + 16, 64);

function setSingles(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    store<u8>(singles + byte, <u8>byte);
    store<u64>(strings + (byte << 3), <u64>(singles + byte) | (<u64>1 << 32));
  }
}

/**
 * Decodes at most `capacity` bytes; up to 16 more behind them may be overwritten, and 4 behind the input are read.
 * @returns bytes put out, fewer where the data ends early; -1 on a code that has no meaning yet
 */
export function decodeLzw(from: usize, bytes: usize, to: usize, capacity: usize): i32 {
  setSingles();
  let out = to;
  const outEnd = to + capacity;
  let at: u64 = 0;
  const atEnd = <u64>bytes << 3;
  let width: u32 = 9;
  let next = firstFree;
  let previous: usize = 0;
  let previousLength: u32 = 0;
  while (out < outEnd && at + width <= atEnd) {
    const word = bswap<u32>(load<u32>(from + <usize>(at >> 3)));
    const code = (word << (<u32>at & 7)) >> (32 - width);
    at += width;
    if ((code & ~1) === clearCode) {
      if (code === endCode) break;
      width = 9;
      next = firstFree;
      previousLength = 0;
      continue;
    }
    if (previousLength > 0 && next <= 4095) {
      store<u64>(strings + (next << 3), <u64>previous | (<u64>(previousLength + 1) << 32));
      next++;
      if (next === (1 << width) - 1 && width < 12) width++;
    }
    if (code >= next) return -1;
    const entry = load<u64>(strings + (code << 3));
    const source = <usize>entry;
    previous = out;
    previousLength = min(<u32>(entry >> 32), <u32>(outEnd - out));
    const stop = out + previousLength;
    // The newest string ends in the byte being written; else 16 bytes at a time do not overlap what they become.
    if (source + previousLength > out && source < out && out - source < 16) {
      for (let i: usize = 0; out < stop; i++) store<u8>(out++, load<u8>(source + i));
    } else {
      v128.store(out, v128.load(source));
      for (let done: usize = 16; done < previousLength; done += 16) v128.store(out + done, v128.load(source + done));
      out = stop;
    }
  }
  return <i32>(out - to);
}
