import type { Samples } from '../raster.ts';
import { decompress, type LibraryDecoder } from './decompress.ts';
import { chunkBytes, type TiffImage } from './image.ts';
import { accumulateFloats } from './predictor.ts';
import { SAMPLE_TYPES } from './samples.ts';

/**
 * Decodes what the kernels leave: chunks too large for the arena, padded ones, and those that a library decodes. Into
 * one array per band it holds (all of the image's, or one when planar), each
 * chunkWidth * rows samples, row-major.
 * @throws Error in the words of the codec where the chunk is damaged
 */
export async function decodeChunk(
  image: TiffImage,
  bytes: Buffer,
  rows: number,
  library: LibraryDecoder | null,
): Promise<Samples[]> {
  const expectedBytes = chunkBytes(image, rows);
  const decompressed = library ? await library(bytes) : await decompress(image.compression, bytes, expectedBytes);
  if (decompressed.length < expectedBytes)
    throw new Error(`it holds ${decompressed.length} bytes, wanted ${expectedBytes}`);
  const raw = alignedCopy(decompressed.subarray(0, expectedBytes), image.bitsPerSample / 8);
  if (image.bitsPerSample === 1) return [unpackBits(raw, image.chunkWidth, rows)];

  const bandCount = image.planar ? 1 : image.sampleCount;
  const sampleBytes = image.bitsPerSample / 8;
  // Bytes of predictor 3 come most significant first in either byte order, so there is nothing to swap.
  if (image.predictor === 3) accumulateFloats(raw, sampleBytes, image.chunkWidth * bandCount, rows, bandCount);
  else if (!image.littleEndian) swapBytes(raw, sampleBytes);
  const words = wordsOf(raw, sampleBytes);
  const planes =
    words instanceof BigUint64Array
      ? separateWide(words, bandCount, image.chunkWidth, image.predictor === 2)
      : separate(words, bandCount, image.chunkWidth, image.predictor === 2);
  return planes.map((plane) => new SAMPLE_TYPES[image.sampleType].array(plane.buffer as ArrayBuffer));
}

/** Typed arrays want their bytes aligned to their size; copied only where they are not. */
function alignedCopy(bytes: Uint8Array, sampleBytes: number): Buffer<ArrayBuffer> {
  if (bytes.byteOffset % Math.max(1, sampleBytes) !== 0) return Buffer.from(new Uint8Array(bytes).buffer);
  return Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}

export function swapBytes(bytes: Buffer, sampleBytes: number): void {
  if (sampleBytes === 2) bytes.swap16();
  else if (sampleBytes === 4) bytes.swap32();
  else if (sampleBytes === 8) bytes.swap64();
}

/** Samples as the unsigned integers of their bits, which is what predictor 2 adds up, for floats too (libtiff). */
function wordsOf({ buffer, byteOffset, length }: Buffer<ArrayBuffer>, sampleBytes: number) {
  if (sampleBytes === 1) return new Uint8Array(buffer, byteOffset, length);
  if (sampleBytes === 2) return new Uint16Array(buffer, byteOffset, length / 2);
  if (sampleBytes === 4) return new Uint32Array(buffer, byteOffset, length / 4);
  return new BigUint64Array(buffer, byteOffset, length / 8);
}

/** Interleaved pixels to one array per band, undoing predictor 2 in the same pass, row by row to stay in cache. */
function separate<W extends Uint8Array | Uint16Array | Uint32Array>(
  words: W,
  bandCount: number,
  width: number,
  isDifferenced: boolean,
): W[] {
  const Type = words.constructor as new (length: number) => W;
  const planes = Array.from({ length: bandCount }, () => new Type(words.length / bandCount));
  for (let start = 0; start < planes[0].length; start += width) {
    for (let b = 0; b < bandCount; b++) {
      const plane = planes[b];
      let at = start * bandCount + b;
      let sum = 0;
      if (isDifferenced) {
        for (let i = start; i < start + width; i++, at += bandCount) {
          sum = (sum + words[at]) | 0;
          plane[i] = sum;
        }
      } else {
        for (let i = start; i < start + width; i++, at += bandCount) plane[i] = words[at];
      }
    }
  }
  return planes;
}

/** The same for 64 bit samples. */
function separateWide(words: BigUint64Array, bandCount: number, width: number, isDifferenced: boolean) {
  const planes = Array.from({ length: bandCount }, () => new BigUint64Array(words.length / bandCount));
  for (const [b, plane] of planes.entries()) {
    for (let i = 0; i < plane.length; i++) {
      const left = isDifferenced && i % width > 0 ? plane[i - 1] : 0n;
      plane[i] = words[i * bandCount + b] + left;
    }
  }
  return planes;
}

/** Bilevel rows: most significant bit first, each row beginning at a whole byte. */
export function unpackBits(bytes: Uint8Array, width: number, rows: number): Uint8Array {
  const samples = new Uint8Array(width * rows);
  const rowBytes = Math.ceil(width / 8);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      samples[row * width + column] = (bytes[row * rowBytes + (column >> 3)] >> (7 - (column & 7))) & 1;
    }
  }
  return samples;
}
