const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;

/**
 * TIFF's LZW (TIFF 6.0 section 13): codes of 9–12 bits, most significant bit first, widened one code early.
 * Every dictionary string is a stretch of what has been put out already, so an entry is just a start and a length:
 *
 *   new entry = previous string + first byte of this one = out[previousStart .. previousStart + previousLength]
 *
 * @returns at most `expectedBytes` bytes; fewer where the data ends early
 * @throws Error on a code that cannot be
 */
export function decodeLzw(input: Uint8Array, expectedBytes: number): Uint8Array {
  refuseOldLzw(input);
  const out = new Uint8Array(expectedBytes);
  const starts = new Int32Array(4097);
  const lengths = new Int32Array(4097);
  let position = 0;
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  let width = 9;
  let nextCode = FIRST_FREE;
  let previousStart = 0;
  let previousLength = 0;

  while (position < expectedBytes) {
    while (bitCount < width && at < input.length) {
      bits = ((bits << 8) | input[at++]) & 0xffffff;
      bitCount += 8;
    }
    if (bitCount < width) break;
    bitCount -= width;
    const code = (bits >>> bitCount) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      width = 9;
      nextCode = FIRST_FREE;
      previousLength = 0;
      continue;
    }
    if (previousLength > 0 && nextCode <= 4095) {
      starts[nextCode] = previousStart;
      lengths[nextCode] = previousLength + 1;
      nextCode++;
      if (nextCode === (1 << width) - 1 && width < 12) width++;
    }
    const start = position;
    if (code < CLEAR) {
      out[position++] = code;
    } else {
      if (code >= nextCode) throw new Error(`LZW code ${code} has no meaning yet`);
      // Byte by byte and forwards: the newest entry may end in the byte being written.
      const from = starts[code];
      const stop = Math.min(lengths[code], expectedBytes - position);
      for (let i = 0; i < stop; i++) out[position++] = out[from + i];
    }
    previousStart = start;
    previousLength = position - start;
  }
  return out.subarray(0, position);
}

/** Early writers began with the least significant bit: a clear code shows which way round. */
export function refuseOldLzw(input: Uint8Array): void {
  if (input.length > 1 && input[0] === 0 && (input[1] & 1) === 1)
    throw new Error('old-style LZW (least significant bit first) is not supported');
}
