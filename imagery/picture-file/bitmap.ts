import { type BlockReader, blockSource } from '../block-source.ts';
import { ImageryError } from '../error.ts';
import type { Window } from '../grid.ts';
import { type LocalFile, openLocalFile } from '../local-file.ts';
import type { RasterSource, Samples } from '../raster.ts';
import { pictureInfo } from './info.ts';

/** Lengths of the headers that follow the 14 bytes of the file's own: OS/2, Windows 3, and its later versions. */
const HEADER_BYTES = [12, 40, 52, 56, 64, 108, 124];
const UNCOMPRESSED = 0;
const BIT_FIELDS = 3;
/** Read at once; more is read in slabs of rows. */
const SLAB_BYTES = 8 * 2 ** 20;

/** How an uncompressed BMP stores its pixels. */
interface BitmapLayout {
  width: number;
  height: number;
  /** Rows run from the bottom up, unless the height is given as negative. */
  bottomUp: boolean;
  /** 8 (a palette's index), 24 or 32. */
  bitsPerPixel: number;
  /** Where the pixels begin, and how long a row is: padded to whole 32-bit words. */
  offset: number;
  rowBytes: number;
  /** Red, green, blue of 256 colours each, of 8-bit pixels. One array alone where all of them are grey. */
  palette: Uint8Array[];
  hasAlpha: boolean;
}

/** True for the first bytes of a BMP: raw numbers may begin with 'BM' too, but not go on like this. */
export function isBitmap(head: Buffer): boolean {
  return head.length >= 26 && head.toString('latin1', 0, 2) === 'BM' && HEADER_BYTES.includes(head.readUInt32LE(14));
}

/**
 * Opens a BMP of 8 (grey or palette), 24 or 32 bits a pixel, which is read by rows and never as a whole. A palette of
 * greys is one band, of colours R, G, B; the fourth byte of 32 bits is alpha where the header says so.
 * @throws ImageryError image-damaged, image-unsupported, crs-unknown
 */
export async function openBitmap(path: string, options: { alphaIsBand?: boolean } = {}): Promise<RasterSource> {
  const file = await openLocalFile(path);
  try {
    const layout = await readLayout(file);
    const sampleCount = layout.bitsPerPixel === 8 ? layout.palette.length : layout.hasAlpha ? 4 : 3;
    const alpha = layout.hasAlpha && !options.alphaIsBand ? 3 : -1;
    const info = await pictureInfo(path, layout, sampleCount - (alpha < 0 ? 0 : 1), 'uint8', 'none');
    return blockSource(info, new BitmapReader(file, layout, alpha));
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readLayout(file: LocalFile): Promise<BitmapLayout> {
  const refuse = (code: 'image-damaged' | 'image-unsupported', what: string) => {
    const is = code === 'image-damaged' ? 'is damaged' : 'cannot be read';
    throw new ImageryError(code, `${file.path}: ${is}: ${what}.`);
  };
  const head = await file.read(0, Math.min(file.byteLength, 14 + 124));
  const headerBytes = head.readUInt32LE(14);
  if (head.length < 14 + headerBytes) refuse('image-damaged', 'it ends within its header');
  const isOld = headerBytes === 12;
  const width = isOld ? head.readUInt16LE(18) : head.readInt32LE(18);
  const signedHeight = isOld ? head.readUInt16LE(20) : head.readInt32LE(22);
  const height = Math.abs(signedHeight);
  const bitsPerPixel = head.readUInt16LE(isOld ? 24 : 28);
  const compression = isOld ? UNCOMPRESSED : head.readUInt32LE(30);
  if (width < 1 || height < 1 || height > 2 ** 30) refuse('image-damaged', `it claims ${width} x ${height} pixels`);
  if (![8, 24, 32].includes(bitsPerPixel))
    refuse('image-unsupported', `wanted 8, 24 or 32 bits a pixel, got ${bitsPerPixel}`);
  // Masks of bit fields stand where version 4 has them, and behind a header of 40 bytes: at 54 in both.
  const hasMasks = compression === BIT_FIELDS && bitsPerPixel === 32 && head.length >= 66;
  if (compression !== UNCOMPRESSED && !hasMasks)
    refuse('image-unsupported', `wanted an uncompressed BMP, got compression ${compression}`);
  if (hasMasks && ![0xff0000, 0xff00, 0xff].every((mask, i) => head.readUInt32LE(54 + 4 * i) === mask))
    refuse('image-unsupported', 'wanted bytes in the order blue, green, red, got other bit fields');
  const alphaMask = headerBytes >= 56 && hasMasks ? head.readUInt32LE(66) : 0;
  const offset = head.readUInt32LE(10);
  const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4;
  if (offset + rowBytes * height > file.byteLength)
    throw new ImageryError(
      'image-damaged',
      `${file.path}: is truncated: wanted at least ${offset + rowBytes * height} bytes, got ${file.byteLength}.`,
    );
  const paletteAt = 14 + headerBytes;
  const colours = !isOld && head.readUInt32LE(46) > 0 ? Math.min(256, head.readUInt32LE(46)) : 256;
  return {
    width,
    height,
    bottomUp: signedHeight > 0,
    bitsPerPixel,
    offset,
    rowBytes,
    palette: bitsPerPixel === 8 ? await readPalette(file, paletteAt, colours, isOld ? 3 : 4, offset) : [],
    hasAlpha: alphaMask === 0xff000000,
  };
}

async function readPalette(file: LocalFile, at: number, colours: number, entryBytes: number, pixelsAt: number) {
  const count = Math.max(0, Math.min(colours, Math.floor((pixelsAt - at) / entryBytes)));
  const entries = await file.read(at, count * entryBytes);
  const channels = [2, 1, 0].map((channel) => {
    const values = new Uint8Array(256);
    for (let i = 0; i < count; i++) values[i] = entries[i * entryBytes + channel];
    return values;
  });
  const isGrey = channels[0].every((value, i) => value === channels[1][i] && value === channels[2][i]);
  return isGrey ? [channels[0]] : channels;
}

class BitmapReader implements BlockReader {
  readonly alpha: number;
  private readonly file: LocalFile;
  private readonly layout: BitmapLayout;

  constructor(file: LocalFile, layout: BitmapLayout, alpha: number) {
    this.file = file;
    this.layout = layout;
    this.alpha = alpha;
  }

  async readBlock(block: Window): Promise<Samples[]> {
    const { height, bottomUp, bitsPerPixel, offset, rowBytes, palette, hasAlpha } = this.layout;
    const pixelBytes = bitsPerPixel / 8;
    const bandCount = palette.length || (hasAlpha ? 4 : 3);
    const bands = Array.from({ length: bandCount }, () => new Uint8Array(block.width * block.height));
    const rowsAtOnce = Math.max(1, Math.floor(SLAB_BYTES / rowBytes));
    for (let done = 0; done < block.height; done += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, block.height - done);
      const top = block.row + done;
      const firstStored = bottomUp ? height - top - rows : top;
      const slab = await this.file.read(offset + firstStored * rowBytes, rows * rowBytes);
      for (let row = 0; row < rows; row++) {
        const from = (bottomUp ? rows - 1 - row : row) * rowBytes + block.column * pixelBytes;
        const to = (done + row) * block.width;
        for (const [band, samples] of bands.entries()) {
          const colours = palette[band];
          // Stored as blue, green, red, alpha.
          const at = from + (colours ? 0 : band < 3 ? 2 - band : band);
          for (let i = 0; i < block.width; i++) {
            const stored = slab[at + i * pixelBytes];
            samples[to + i] = colours ? colours[stored] : stored;
          }
        }
      }
    }
    return bands;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
