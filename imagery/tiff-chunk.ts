import type { Samples } from './raster.ts';
import { decompress } from './tiff-decompress.ts';
import { chunkBytes, type TiffImage } from './tiff-image.ts';
import { accumulate, accumulateFloats } from './tiff-predictor.ts';
import { SAMPLE_TYPES } from './tiff-samples.ts';

/**
 * Decodes one chunk into one array per band it holds (all of the image's, or one when planar), each
 * chunkWidth * rows samples, row-major.
 * @throws Error in the words of the codec where the chunk is damaged
 */
export async function decodeChunk(image: TiffImage, bytes: Buffer, rows: number): Promise<Samples[]> {
  const expectedBytes = chunkBytes(image, rows);
  const decompressed = await decompress(image.compression, bytes, expectedBytes);
  if (decompressed.length < expectedBytes)
    throw new Error(`it holds ${decompressed.length} bytes, wanted ${expectedBytes}`);
  const raw = alignedCopy(decompressed.subarray(0, expectedBytes), image.bitsPerSample / 8);
  if (image.bitsPerSample === 1) return [unpackBits(raw, image.chunkWidth, rows)];

  const bandCount = image.planar ? 1 : image.sampleCount;
  const sampleBytes = image.bitsPerSample / 8;
  const rowLength = image.chunkWidth * bandCount;
  if (image.predictor === 3) {
    // Bytes come most significant first in either byte order, so there is nothing to swap.
    accumulateFloats(raw, sampleBytes, rowLength, rows, bandCount);
  } else {
    if (!image.littleEndian) swapBytes(raw, sampleBytes);
    if (image.predictor === 2) accumulateIntegers(raw, sampleBytes, rowLength, rows, bandCount);
  }
  const samples = new SAMPLE_TYPES[image.sampleType].array(raw.buffer, raw.byteOffset, rowLength * rows);
  return separate(samples, bandCount);
}

/** Typed arrays want their bytes aligned, and decoding works in place: copied where either would go wrong. */
function alignedCopy(bytes: Uint8Array, sampleBytes: number): Buffer<ArrayBuffer> {
  if (bytes.byteOffset % Math.max(1, sampleBytes) !== 0) return Buffer.from(new Uint8Array(bytes).buffer);
  return Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}

function swapBytes(bytes: Buffer, sampleBytes: number): void {
  if (sampleBytes === 2) bytes.swap16();
  else if (sampleBytes === 4) bytes.swap32();
  else if (sampleBytes === 8) bytes.swap64();
}

/** Predictor 2 works on the samples' bits as integers, for floats too (libtiff's reading of TIFF 6.0). */
function accumulateIntegers(
  bytes: Buffer<ArrayBuffer>,
  sampleBytes: number,
  rowLength: number,
  rows: number,
  stride: number,
): void {
  const { buffer, byteOffset } = bytes;
  const count = rowLength * rows;
  if (sampleBytes === 1) accumulate(bytes, rowLength, rows, stride);
  else if (sampleBytes === 2) accumulate(new Uint16Array(buffer, byteOffset, count), rowLength, rows, stride);
  else if (sampleBytes === 4) accumulate(new Uint32Array(buffer, byteOffset, count), rowLength, rows, stride);
  else accumulateWide(new BigUint64Array(buffer, byteOffset, count), rowLength, rows, stride);
}

function accumulateWide(samples: BigUint64Array, rowLength: number, rows: number, stride: number): void {
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    for (let i = start + stride; i < start + rowLength; i++) samples[i] += samples[i - stride];
  }
}

function separate(samples: Samples, bandCount: number): Samples[] {
  if (bandCount === 1) return [samples];
  const count = samples.length / bandCount;
  const Type = samples.constructor as new (length: number) => Samples;
  const bands = Array.from({ length: bandCount }, () => new Type(count));
  for (const [b, band] of bands.entries()) {
    for (let i = 0, at = b; i < count; i++, at += bandCount) band[i] = samples[at];
  }
  return bands;
}

/** Bilevel rows: most significant bit first, each row beginning at a whole byte. */
function unpackBits(bytes: Uint8Array, width: number, rows: number): Uint8Array {
  const samples = new Uint8Array(width * rows);
  const rowBytes = Math.ceil(width / 8);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      samples[row * width + column] = (bytes[row * rowBytes + (column >> 3)] >> (7 - (column & 7))) & 1;
    }
  }
  return samples;
}
