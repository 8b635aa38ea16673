import { promisify } from 'node:util';
import { inflate as inflateCallback, zstdDecompress as zstdDecompressCallback } from 'node:zlib';
import type { SampleType } from '../raster.ts';
import type { LibraryDecoder } from './decompress.ts';
import { chunkBytes, type TiffImage } from './image.ts';
import { markInvalid } from './lerc-mask.ts';

const inflate = promisify(inflateCallback);
const zstdDecompress = promisify(zstdDecompressCallback);

/** LercParameters (tag 50674): version, and what the blobs are compressed by once more. */
export const LERC_PARAMETERS = 50674;
const ONCE_MORE: Record<number, 'deflate' | 'zstd' | undefined> = { 1: 'deflate', 2: 'zstd' };

/**
 * Decodes chunks of LERC: the compression round the blob undone, NaN where the blob has no pixel.
 * @param decodeBlob a plain LERC blob to samples, pixel by pixel
 */
export function lercDecoder(
  image: TiffImage,
  parameters: ArrayLike<number> | undefined,
  decodeBlob: LibraryDecoder,
): LibraryDecoder {
  const around = ONCE_MORE[parameters?.[1] ?? 0];
  const limits = { maxOutputLength: 2 * chunkBytes(image, image.chunkHeight) + 65_536 };
  return async (bytes) => {
    let blob: Buffer = bytes;
    if (around === 'deflate') blob = await inflate(bytes, limits);
    else if (around === 'zstd') blob = await zstdDecompress(bytes, limits);
    checkHeader(image, blob);
    const decoded = await decodeBlob(blob);
    const { buffer, byteOffset, byteLength } = decoded;
    if (image.sampleType === 'float32') markInvalid(blob, new Float32Array(buffer, byteOffset, byteLength / 4));
    else if (image.sampleType === 'float64') markInvalid(blob, new Float64Array(buffer, byteOffset, byteLength / 8));
    else markInvalid(blob, null);
    return decoded;
  };
}

/** Lerc2's data types; those of one width are told apart, and wrong ones would be read as other numbers. */
const TYPES: (SampleType | undefined)[] = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'];

/** Before a decoder makes room for what a blob claims. @throws Error where that is not what the chunk has */
function checkHeader({ chunkWidth, chunkHeight, sampleType, ...image }: TiffImage, blob: Buffer): void {
  const isFirst = blob.toString('latin1', 0, 9) === 'CntZImage';
  const version = isFirst ? 0 : blob.readInt32LE(6);
  const at = isFirst ? 18 : version >= 3 ? 14 : 10;
  const [rows, columns] = [blob.readUInt32LE(at), blob.readUInt32LE(at + 4)];
  if (rows > chunkHeight || columns > chunkWidth)
    throw new Error(`wanted at most ${chunkWidth} x ${chunkHeight} pixels of LERC, got ${columns} x ${rows}`);
  const samples = image.planar ? 1 : image.sampleCount;
  const count = version >= 4 ? blob.readUInt32LE(at + 8) : 1;
  if (count !== samples) throw new Error(`wanted ${samples} samples a pixel in LERC, got ${count}`);
  const type = isFirst ? 'float32' : TYPES[blob.readInt32LE(at + (version >= 4 ? 24 : 20))];
  if (type !== sampleType) throw new Error(`wanted ${sampleType} in LERC, got ${type ?? 'another type'}`);
}
