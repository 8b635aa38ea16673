import { type BlockReader, blockSource } from '../block-source.ts';
import { ImageryError } from '../error.ts';
import type { Window } from '../grid.ts';
import { pictureLibrary } from '../picture-library.ts';
import type { RasterSource, Samples } from '../raster.ts';
import { pictureInfo } from './info.ts';

export interface PictureOptions {
  /** True: alpha is a band. Default false: alpha 0 = not observed. */
  alphaIsBand?: boolean;
  /** A picture that decodes to more is refused. Default: what decodes in half a gigabyte. */
  mostBytes?: number;
}

/** How a picture decodes. */
interface PictureLayout {
  width: number;
  height: number;
  channels: number;
  is16Bit: boolean;
}

/** PNG and JPEG are streams: whatever is wanted of them, all of it is decoded and held while the source is open. */
/** Decoders of JPEG and WebP hold as much again themselves. */
const MOST_MIB: Record<string, number> = { png: 256, jpeg: 160, webp: 128 };
const FORMATS: Record<string, string> = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP' };

/** True for the first bytes of what openPicture reads. */
export function isPicture(head: Buffer): boolean {
  const text = head.toString('latin1', 0, 12);
  return text.startsWith('\x89PNG\r\n\x1a\n') || text.startsWith('\xff\xd8\xff') || /^RIFF....WEBP$/s.test(text);
}

/**
 * Opens a PNG of 8 or 16 bits, a JPEG or a WebP. Numbers are read as stored, whatever colour profile is attached;
 * a palette becomes R, G, B, transparent colours alpha. Decoded as a whole at the first read, and windows cut from it.
 * @throws ImageryError image-damaged, image-unsupported, crs-unknown; read() throws image-damaged
 */
export async function openPicture(path: string, options: PictureOptions = {}): Promise<RasterSource> {
  const sharp = await pictureLibrary();
  const metadata = await sharp(path, { ignoreIcc: true })
    .metadata()
    .catch((error) => {
      throw damaged(path, error);
    });
  const { width, height, channels, hasAlpha } = metadata;
  const refuse = (what: string) => {
    throw new ImageryError('image-unsupported', `${path}: cannot be read: ${what}.`);
  };
  const format = FORMATS[metadata.format];
  if (format === undefined) refuse(`wanted PNG, JPEG or WebP, got ${metadata.format}`);
  if (metadata.space === 'cmyk') refuse('wanted grey or red, green and blue, got four printing colours (CMYK)');
  if ((metadata.orientation ?? 1) !== 1)
    refuse(`wanted rows from the top and columns from the left, got EXIF orientation ${metadata.orientation}`);
  if ((metadata.pages ?? 1) > 1) refuse(`wanted one picture, got an animation of ${metadata.pages}`);
  const layout = { width, height, channels, is16Bit: metadata.depth === 'ushort' };
  const bytes = width * height * samplesDecoded(layout) * (layout.is16Bit ? 2 : 1);
  const most = options.mostBytes ?? MOST_MIB[metadata.format] * 2 ** 20;
  if (bytes > most)
    refuse(
      `wanted a picture of at most ${most / 2 ** 20} MiB decoded, got ${Math.ceil(bytes / 2 ** 20)}; convert it to GeoTIFF`,
    );
  const alpha = hasAlpha && !options.alphaIsBand ? channels - 1 : -1;
  const bandCount = channels - (alpha < 0 ? 0 : 1);
  const sampleType = layout.is16Bit ? 'uint16' : 'uint8';
  const info = await pictureInfo(path, layout, bandCount, sampleType, format.toLowerCase());
  return blockSource(info, new PictureReader(path, layout, alpha));
}

class PictureReader implements BlockReader {
  readonly alpha: number;
  private readonly path: string;
  private readonly layout: PictureLayout;
  private decoded: Promise<Decoded> | null = null;

  constructor(path: string, layout: PictureLayout, alpha: number) {
    this.path = path;
    this.layout = layout;
    this.alpha = alpha;
  }

  async readBlock({ column, row, width, height }: Window): Promise<Samples[]> {
    this.decoded ??= decode(this.path, this.layout);
    const { pixels, perPixel, channels } = await this.decoded;
    const Type = this.layout.is16Bit ? Uint16Array : Uint8Array;
    return channels.map((channel) => {
      const samples = new Type(width * height);
      for (let y = 0; y < height; y++) {
        let at = ((row + y) * this.layout.width + column) * perPixel + channel;
        for (let i = y * width; i < (y + 1) * width; i++, at += perPixel) samples[i] = pixels[at];
      }
      return samples;
    });
  }

  async close(): Promise<void> {
    this.decoded = null;
  }
}

/** All samples, pixel by pixel, and which of a pixel's are the picture's channels. */
interface Decoded {
  pixels: Uint8Array | Uint16Array;
  perPixel: number;
  channels: number[];
}

/** Per pixel, those of 8-bit grey with alpha counted as they are decoded. */
function samplesDecoded({ channels, is16Bit }: Pick<PictureLayout, 'channels' | 'is16Bit'>): number {
  return channels === 2 && !is16Bit ? 4 : channels;
}

async function decode(path: string, { width, height, channels, is16Bit }: PictureLayout): Promise<Decoded> {
  // Named colour spaces keep sharp from turning grey into three bands and 16 bits into 8. It drops the alpha of 8-bit
  // grey, though: that is decoded as red, green, blue, alpha.
  const perPixel = samplesDecoded({ channels, is16Bit });
  const isGreyAlpha = perPixel > channels;
  const space = perPixel < 3 ? (is16Bit ? 'grey16' : 'b-w') : is16Bit ? 'rgb16' : 'srgb';
  const sharp = await pictureLibrary();
  const { data, info } = await sharp(path, { ignoreIcc: true, limitInputPixels: width * height })
    .toColourspace(space)
    .raw({ depth: is16Bit ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error) => {
      throw damaged(path, error);
    });
  const wanted = `${width} x ${height} x ${perPixel}`;
  const got = `${info.width} x ${info.height} x ${info.channels}`;
  if (wanted !== got) throw damaged(path, new Error(`wanted ${wanted} samples, got ${got}`));
  return {
    pixels: is16Bit ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data,
    perPixel,
    channels: isGreyAlpha ? [0, 3] : Array.from({ length: channels }, (_, channel) => channel),
  };
}

function damaged(path: string, error: Error): ImageryError {
  const reason = error.message.trim().split('\n')[0].replace(/\.$/, '');
  return new ImageryError('image-damaged', `${path}: is damaged: it cannot be decoded (${reason}).`, error);
}
