import { promisify } from 'node:util';
import { inflate as inflateCallback, zstdDecompress as zstdDecompressCallback } from 'node:zlib';
import { decodeLzw } from './lzw.ts';

const inflate = promisify(inflateCallback);
const zstdDecompress = promisify(zstdDecompressCallback);

/** TIFF compression codes and the names RasterInfo gives them. */
const NAMES: Record<number, string> = {
  1: 'none',
  2: 'ccitt-rle',
  3: 'ccitt-t4',
  4: 'ccitt-t6',
  5: 'lzw',
  6: 'old-jpeg',
  7: 'jpeg',
  8: 'deflate',
  32773: 'packbits',
  32946: 'deflate',
  34712: 'jpeg2000',
  34887: 'lerc',
  34925: 'lzma',
  50000: 'zstd',
  50001: 'webp',
  50002: 'jpegxl',
};

const OWN = ['none', 'lzw', 'deflate', 'packbits', 'zstd'];
const LIBRARY = ['jpeg', 'lerc'];

/** Deflate's best: 258 bytes from two bits. */
const LARGEST_DEFLATE_RATIO = 1032;

export function compressionName(code: number): string {
  return NAMES[code] ?? `compression ${code}`;
}

export function isReadable(code: number): boolean {
  return READABLE_COMPRESSIONS.includes(compressionName(code));
}

/** True for what geotiff.js decodes and node:zlib cannot. */
export function needsLibrary(code: number): boolean {
  return LIBRARY.includes(compressionName(code));
}

export const READABLE_COMPRESSIONS = [...OWN, ...LIBRARY];

/** Decodes one chunk's bytes into samples of the machine's byte order. */
export type LibraryDecoder = (bytes: Buffer) => Promise<Uint8Array>;

/**
 * A chunk's bytes, decompressed; deflate and zstd off the main thread.
 * @param expectedBytes what the chunk must hold; a chunk that holds more is cut off by the caller
 * @throws Error in the words of the codec
 */
export async function decompress(compression: number, bytes: Buffer, expectedBytes: number): Promise<Uint8Array> {
  const name = compressionName(compression);
  if (name === 'deflate' && expectedBytes > bytes.length * LARGEST_DEFLATE_RATIO)
    throw new Error(`${bytes.length} bytes of deflate cannot hold the ${expectedBytes} wanted`);
  const limits = decompressionLimits(expectedBytes);
  switch (name) {
    case 'none':
      return bytes;
    case 'deflate':
      return inflate(bytes, limits);
    case 'zstd':
      return zstdDecompress(bytes, limits);
    case 'lzw':
      return decodeLzw(bytes, expectedBytes);
    case 'packbits':
      return decodePackBits(bytes, expectedBytes);
    default:
      throw new Error(`${name} cannot be read`);
  }
}

/** Larger chunks are padded by less than themselves. */
const MOST_PADDING_BYTES = 16 * 2 ** 20;

/**
 * Some writers pad a chunk; more than twice the size is not padding but a bomb. Output in one piece: zlib's default of
 * 16 kB pieces costs a third more time, and several pieces are held twice when they are put together.
 */
export function decompressionLimits(expectedBytes: number) {
  return {
    maxOutputLength: expectedBytes + Math.min(expectedBytes, MOST_PADDING_BYTES) + 65_536,
    chunkSize: Math.max(64, Math.min(expectedBytes + 1, 128 * 2 ** 20)),
  };
}

/** TIFF 6.0 section 9: n ≥ 0 copies n + 1 bytes, n > -128 repeats the next byte 1 - n times, -128 does nothing. */
export function decodePackBits(input: Uint8Array, expectedBytes: number): Uint8Array {
  const out = new Uint8Array(expectedBytes);
  let position = 0;
  let at = 0;
  while (position < expectedBytes && at < input.length) {
    const count = (input[at++] << 24) >> 24;
    if (count >= 0) {
      const copied = input.subarray(at, at + Math.min(count + 1, expectedBytes - position));
      out.set(copied, position);
      position += copied.length;
      at += count + 1;
    } else if (count > -128) {
      const stop = Math.min(position + 1 - count, expectedBytes);
      out.fill(input[at++], position, stop);
      position = stop;
    }
  }
  return out.subarray(0, position);
}
