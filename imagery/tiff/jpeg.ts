import { pictureLibrary } from '../picture-library.ts';
import type { LibraryDecoder } from './decompress.ts';
import type { TiffImage } from './image.ts';

/** JPEGTables (tag 347): a JPEG without picture, whose tables all chunks share. */
export const JPEG_TABLES = 347;

const START = 0xd8;
const END = 0xd9;
const START_OF_SCAN = 0xda;
const JFIF = 0xe0;
const ADOBE = 0xee;

/**
 * Decodes chunks of JPEG with one or three samples a pixel as GDAL does, by libjpeg: colour differences stored at half
 * the resolution are interpolated. Comes out as grey, or red, green, blue.
 */
export function jpegDecoder(image: TiffImage, tables: ArrayLike<number> | undefined): LibraryDecoder {
  const channels = image.planar ? 1 : image.sampleCount;
  const shared = tables ? segments(Buffer.from(Uint8Array.from(tables))).head : Buffer.alloc(0);
  return async (bytes) => {
    checkFrame(image, bytes);
    const sharp = await pictureLibrary();
    const limitInputPixels = image.chunkWidth * image.chunkHeight;
    const { data, info } = await sharp(wholeJpeg(bytes, shared, image.isYCbCr), { ignoreIcc: true, limitInputPixels })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
      .catch((error: Error) => {
        throw new Error(error.message.trim().split('\n')[0], { cause: error });
      });
    if (info.width !== image.chunkWidth || info.channels !== channels)
      throw new Error(`wanted ${image.chunkWidth} pixels of ${channels} a row, got ${info.width} of ${info.channels}`);
    return data;
  };
}

export function readsJpeg({ planar, sampleCount }: TiffImage): boolean {
  return planar || sampleCount === 1 || sampleCount === 3;
}

/**
 * Holds the frame header of a chunk's JPEG to what the image says, before a decoder makes room for what it claims.
 * @throws Error where they differ
 */
export function checkFrame(image: TiffImage, bytes: Buffer): void {
  const { head } = segments(bytes);
  for (let at = 0; at + 10 <= head.length; at += 2 + head.readUInt16BE(at + 2)) {
    // Frames are C0 to CF, but for DHT, JPG and DAC.
    const marker = head[at + 1];
    if (marker < 0xc0 || marker > 0xcf || [0xc4, 0xc8, 0xcc].includes(marker)) continue;
    const [rows, columns, count] = [head.readUInt16BE(at + 5), head.readUInt16BE(at + 7), head[at + 9]];
    const wanted = image.planar ? 1 : image.sampleCount;
    if (columns !== image.chunkWidth || rows > image.chunkHeight || count !== wanted)
      throw new Error(
        `wanted at most ${image.chunkWidth} x ${image.chunkHeight} pixels of ${wanted}, got ${columns} x ${rows} of ${count}`,
      );
    const samplings = Array.from({ length: count }, (_, k) => head[at + 11 + 3 * k]);
    if (!image.isYCbCr && samplings.some((sampling) => sampling !== samplings[0]))
      throw new Error('its samples are stored at several resolutions, as only those of YCbCr colours are');
    return;
  }
  throw new Error('its JPEG has no frame before its scan');
}

/**
 * A chunk with the tables it needs, and a marker that says what its three samples are: TIFF says it in a tag, and
 * leaves decoders to guess without.
 */
function wholeJpeg(bytes: Buffer, tables: Buffer, isYCbCr: boolean): Buffer {
  const { head, rest } = segments(bytes);
  const adobe = Buffer.from([0xff, ADOBE, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, isYCbCr ? 1 : 0]);
  return Buffer.concat([Buffer.from([0xff, START]), adobe, tables, head, rest]);
}

/** What stands before the first scan, without the markers that claim a colour space; and the rest, scans and end. */
function segments(jpeg: Buffer): { head: Buffer; rest: Buffer } {
  const kept: Buffer[] = [];
  let at = 0;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1];
    if (marker === START_OF_SCAN || marker === END) break;
    const end = marker === START ? at + 2 : at + 2 + jpeg.readUInt16BE(at + 2);
    if (marker !== START && marker !== JFIF && marker !== ADOBE) kept.push(jpeg.subarray(at, end));
    at = end;
  }
  return { head: Buffer.concat(kept), rest: jpeg.subarray(at) };
}
