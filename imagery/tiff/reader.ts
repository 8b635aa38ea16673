import { GeoTIFF, getDecoder, type ImageFileDirectory } from 'geotiff';
import { ImageryError } from '../error.ts';
import type { Window } from '../grid.ts';
import type { Raster, RasterInfo, RasterSource } from '../raster.ts';
import { ChunkCache } from './chunk-cache.ts';
import { compressionName, type LibraryDecoder, needsLibrary } from './decompress.ts';
import { openTiffFile, type TiffFile } from './file.ts';
import { checkNotTruncated, readImage, type TiffImage } from './image.ts';
import { parseNodata } from './nodata.ts';
import { placeImage } from './placement.ts';
import { readWindow, type TiffBands } from './window.ts';

export interface TiffReadOptions {
  /** Decoded tiles kept in memory per file. Default 64 MiB. */
  cacheBytes?: number;
  /**
   * True: a band declared as alpha is data. GDAL declares the fourth band of 8-bit images so by default, which
   * hides the near infrared of many a B, G, R, N delivery. Default false: alpha 0 = not observed.
   */
  alphaIsBand?: boolean;
  /** Called for a tile that cannot be decoded, which then counts as unobserved. Default: read() throws. */
  onDamage?: (error: ImageryError) => void;
}

type DecoderParameters = Parameters<typeof getDecoder>[1];

/** More directories than any file has; what claims more is damaged. */
const MOST_DIRECTORIES = 1000;

/**
 * Opens a GeoTIFF for reading window by window: 8, 16, 32 bit integers, 32, 64 bit floats, tiles or strips, any
 * interleaving, uncompressed, deflate, LZW, ZSTD, PackBits, and through geotiff.js JPEG and LERC.
 *
 * A pixel is masked (unobserved) where the file says so: any band equals nodata or is not finite, alpha is 0, the
 * internal mask is 0, the tile was never written. *Any* band, because detectors compare whole pixels: one
 * fill value in one band would otherwise be compared with ground.
 *
 * read() throws ImageryError tiff-damaged, naming file and tile, where a tile cannot be decoded.
 * @throws ImageryError file-missing, not-a-file, not-a-tiff, tiff-damaged, tiff-unsupported, crs-unknown
 */
export async function openTiff(path: string, options: TiffReadOptions = {}): Promise<RasterSource> {
  const file = await openTiffFile(path);
  try {
    return await openDirectories(file, options);
  } catch (error) {
    await file.close();
    if (error instanceof ImageryError) throw error;
    // geotiff.js stumbles over damaged directories in many ways (RangeError, TypeError, ...).
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImageryError('tiff-damaged', `${path}: is damaged: its directory cannot be read (${reason}).`, error);
  }
}

async function openDirectories(file: TiffFile, options: TiffReadOptions): Promise<RasterSource> {
  const tiff = await GeoTIFF.fromSource(file);
  // geotiff.js 3.0.5 reads values it defers as little-endian whatever the file is.
  tiff.parser.eager = !tiff.littleEndian;
  const directories = await listDirectories(file.path, tiff);
  const main = directories[0];
  const image = await readImage(file.path, tagReader(main), tiff.littleEndian);
  checkNotTruncated(image, file.fileSize);
  const mask = await findMask(file, directories.slice(1), image, tiff.littleEndian);
  const alpha = options.alphaIsBand ? -1 : alphaBand(image);
  const nodata = parseNodata(main.getValue('GDAL_NODATA'));
  const info: RasterInfo = {
    path: file.path,
    grid: placeImage(file.path, image.width, image.height, {
      pixelScale: main.getValue('ModelPixelScale'),
      tiepoints: main.getValue('ModelTiepoint'),
      transformation: main.getValue('ModelTransformation'),
      geoKeys: main.parseGeoKeyDirectory(),
    }),
    bandCount: image.sampleCount - (alpha < 0 ? 0 : 1),
    sampleType: image.sampleType,
    nodata,
    compression: compressionName(image.compression),
  };
  const cacheBytes = options.cacheBytes ?? 64 * 2 ** 20;
  return new TiffSource(file, info, {
    chunks: new ChunkCache(file, image, await libraryDecoder(main, image), cacheBytes),
    maskChunks: mask && new ChunkCache(file, mask, null, cacheBytes / 8),
    alpha,
    nodata,
    onDamage: options.onDamage,
  });
}

/** Every image directory of the file; a chain that bites its own tail is refused instead of followed for ever. */
async function listDirectories(path: string, tiff: GeoTIFF): Promise<ImageFileDirectory[]> {
  const seen = new Set([tiff.firstIFDOffset]);
  const directories = [await tiff.requestIFD(0)];
  for (;;) {
    const next = directories[directories.length - 1].nextIFDByteOffset;
    if (next === 0) return directories;
    if (seen.has(next) || directories.length === MOST_DIRECTORIES) {
      const what = seen.has(next)
        ? 'its directories lead back to themselves'
        : `more than ${MOST_DIRECTORIES} directories`;
      throw new ImageryError('tiff-damaged', `${path}: is damaged: ${what}.`);
    }
    seen.add(next);
    directories.push(await tiff.requestIFD(directories.length));
  }
}

/** The mask of the full-size image: NewSubfileType says mask (4) and not overview (1). */
async function findMask(
  file: TiffFile,
  directories: ImageFileDirectory[],
  image: TiffImage,
  littleEndian: boolean,
): Promise<TiffImage | null> {
  for (const directory of directories) {
    const kind = Number(directory.getValue('NewSubfileType') ?? 0);
    if ((kind & 4) === 0 || (kind & 1) === 1) continue;
    const mask = await readImage(file.path, tagReader(directory), littleEndian);
    checkNotTruncated(mask, file.fileSize);
    if (mask.width === image.width && mask.height === image.height) return mask;
  }
  return null;
}

/** geotiff.js for the compressions that node:zlib does not know; its decoders keep no state between chunks. */
async function libraryDecoder(directory: ImageFileDirectory, image: TiffImage): Promise<LibraryDecoder | null> {
  if (!needsLibrary(image.compression)) return null;
  const decoder = await getDecoder(image.compression, {
    tileWidth: image.chunkWidth,
    tileHeight: image.chunkHeight,
    predictor: 1,
    bitsPerSample: image.bitsPerSample,
    planarConfiguration: image.planar ? 2 : 1,
    JPEGTables: await directory.loadValue('JPEGTables'),
    LercParameters: await directory.loadValue('LercParameters'),
  } as DecoderParameters);
  return async (bytes) => new Uint8Array(await decoder.decodeBlock(new Uint8Array(bytes).buffer));
}

function tagReader(directory: ImageFileDirectory) {
  return async (tag: number): Promise<ArrayLike<number> | undefined> => {
    const value = await directory.loadValue(tag);
    return typeof value === 'number' ? [value] : value;
  };
}

/** Index of the sample that is alpha (ExtraSamples 1 or 2), or -1. */
function alphaBand({ sampleCount, extraSamples }: TiffImage): number {
  const extra = extraSamples.findIndex((kind) => kind === 1 || kind === 2);
  return extra < 0 || sampleCount < 2 ? -1 : sampleCount - extraSamples.length + extra;
}

class TiffSource implements RasterSource {
  readonly info: RasterInfo;
  private readonly file: TiffFile;
  private readonly bands: TiffBands;

  constructor(file: TiffFile, info: RasterInfo, bands: TiffBands) {
    this.file = file;
    this.info = info;
    this.bands = bands;
  }

  read(window: Window): Promise<Raster> {
    return readWindow(this.info.grid, this.bands, window);
  }

  async close(): Promise<void> {
    this.bands.chunks.clear();
    this.bands.maskChunks?.clear();
    await this.file.close();
  }
}
