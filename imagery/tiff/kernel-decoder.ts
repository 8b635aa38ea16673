import { zstdDecompressSync } from 'node:zlib';
import { arenaMemory } from '../kernels/arena.ts';
import { codecs, INFLATED, INFLATED_TOO_LONG, INFLATED_TRUNCATED } from '../kernels/codecs.ts';
import { swapBytes, unpackBits } from './chunk.ts';
import { compressionName, decodePackBits, decompressionLimits } from './decompress.ts';
import { chunkBytes, type TiffImage } from './image.ts';
import { refuseOldLzw } from './lzw.ts';

/** The bytes of a chunk, as they stand in the file, in the arena. */
export interface EncodedChunk {
  at: number;
  bytes: number;
  rows: number;
  /** Where chunkBytes(image, rows) of decoded bytes and SLACK_BYTES have room. */
  raw: number;
  /** Where one decoded row has room. */
  work: number;
}

/** Where the bands of a chunk go: addresses of their first samples. */
export interface ChunkTarget {
  planes: number[];
  /** From one row of a band to the next. */
  rowBytes: number;
  /** Of the chunk's, from the left and the top. */
  width: number;
  rows: number;
}

/** What became of a chunk: its interleaved samples lie at `raw`; 'unfit' is left to decodeChunk; or what is wrong. */
type Outcome = { raw: number } | 'unfit' | Error;

/** Decompresses up to two chunks at once, into samples of the machine's byte order. */
export function decodeRaw(image: TiffImage, chunks: EncodedChunk[]): Outcome[] {
  const name = compressionName(image.compression);
  const outcomes = name === 'deflate' ? inflate(image, chunks) : chunks.map((chunk) => decompress(image, name, chunk));
  return outcomes.map((outcome, i) => {
    if (outcome === 'unfit' || outcome instanceof Error) return outcome;
    const expected = chunkBytes(image, chunks[i].rows);
    if (outcome.bytes < expected) return new Error(`it holds ${outcome.bytes} bytes, wanted ${expected}`);
    return { raw: orderSamples(image, outcome.at, chunks[i]) };
  });
}

type Decompressed = { at: number; bytes: number } | 'unfit' | Error;

function inflate(image: TiffImage, chunks: EncodedChunk[]): Decompressed[] {
  const [a, b] = chunks;
  const capacities = chunks.map(({ rows }) => chunkBytes(image, rows));
  const status =
    b === undefined
      ? codecs.inflateOne(a.at, a.bytes, a.raw, capacities[0])
      : codecs.inflatePair(a.at, a.bytes, a.raw, capacities[0], b.at, b.bytes, b.raw, capacities[1]);
  return chunks.map(({ raw }, i) => {
    const own = (status >> (8 * i)) & 255;
    if (own === INFLATED) return { at: raw, bytes: codecs.inflatedBytes(i) };
    // Some writers pad a chunk; whether all of it is sound, zlib says.
    if (own === INFLATED_TOO_LONG) return 'unfit';
    return new Error(own === INFLATED_TRUNCATED ? 'its deflate stream ends early' : 'its deflate stream is damaged');
  });
}

function decompress(image: TiffImage, name: string, { at, bytes, rows, raw }: EncodedChunk): Decompressed {
  const expected = chunkBytes(image, rows);
  const encoded = Buffer.from(arenaMemory.buffer, at, bytes);
  try {
    if (name === 'none') return { at, bytes };
    if (name === 'lzw') {
      refuseOldLzw(encoded);
      const produced = codecs.decodeLzw(at, bytes, raw, expected);
      return produced < 0 ? new Error('an LZW code has no meaning yet') : { at: raw, bytes: produced };
    }
    const decoded =
      name === 'zstd' ? zstdDecompressSync(encoded, decompressionLimits(expected)) : decodePackBits(encoded, expected);
    const wanted = decoded.subarray(0, expected);
    new Uint8Array(arenaMemory.buffer).set(wanted, raw);
    return { at: raw, bytes: wanted.length };
  } catch (error) {
    return error as Error;
  }
}

/** Puts samples into the machine's byte order, bits into bytes and predictor 3 right; where they are then. */
function orderSamples(image: TiffImage, at: number, { rows, raw, work }: EncodedChunk): number {
  const bytes = Buffer.from(arenaMemory.buffer, at, chunkBytes(image, rows));
  const sampleBytes = image.bitsPerSample / 8;
  const samples = image.planar ? 1 : image.sampleCount;
  if (image.bitsPerSample === 1) {
    new Uint8Array(arenaMemory.buffer).set(unpackBits(bytes, image.chunkWidth, rows), raw);
    return raw;
  }
  // Bytes of predictor 3 come most significant first in either byte order, so there is nothing to swap.
  if (image.predictor === 3) {
    codecs.accumulateFloats(at, sampleBytes, image.chunkWidth * samples, rows, samples, work);
  } else if (!image.littleEndian) swapBytes(bytes, sampleBytes);
  return at;
}

/** Bands of interleaved samples to where they belong, predictor 2 undone. @param list room for the addresses */
export function separateBands(image: TiffImage, raw: number, target: ChunkTarget, list: number): void {
  const { planes, rowBytes, width, rows } = target;
  new Uint32Array(arenaMemory.buffer, list, planes.length).set(planes);
  const separate = {
    1: codecs.separate8,
    2: codecs.separate16,
    4: codecs.separate32,
    8: codecs.separate64,
  }[Math.ceil(image.bitsPerSample / 8)]!;
  separate(raw, planes.length, image.predictor === 2, image.chunkWidth, list, rowBytes, width, rows);
}
