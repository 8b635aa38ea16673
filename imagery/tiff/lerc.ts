import { promisify } from 'node:util';
import { inflate as inflateCallback, zstdDecompress as zstdDecompressCallback } from 'node:zlib';
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
    const decoded = await decodeBlob(blob);
    const { buffer, byteOffset, byteLength } = decoded;
    if (image.sampleType === 'float32') markInvalid(blob, new Float32Array(buffer, byteOffset, byteLength / 4));
    else if (image.sampleType === 'float64') markInvalid(blob, new Float64Array(buffer, byteOffset, byteLength / 8));
    else markInvalid(blob, null);
    return decoded;
  };
}
