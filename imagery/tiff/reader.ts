import { GeoTIFF, getDecoder, type ImageFileDirectory } from 'geotiff';
import { DirectoryGuard } from '../decode-guard/tiff-directory.ts';
import { ImageryError } from '../error.ts';
import { overviewGrid, type Window } from '../grid.ts';
import type { Raster, RasterInfo, RasterSource } from '../raster.ts';
import type { RemoteVersion } from '../remote/remote-file.ts';
import { alphaBand } from './alpha.ts';
import { ChunkCache } from './chunk-cache.ts';
import { compressionName, type LibraryDecoder, needsLibrary } from './decompress.ts';
import { openTiffFile, type TiffFile } from './file.ts';
import type { TiffImage } from './image.ts';
import { checkFrame, JPEG_TABLES, jpegDecoder, readsJpeg } from './jpeg.ts';
import { LERC_PARAMETERS, lercDecoder } from './lerc.ts';
import { tiffInfo } from './metadata.ts';
import { type DirectoryChain, findLevels, type ImageDirectory, type TiffLevel } from './overview.ts';
import { closeSidecars, openSidecars } from './sidecars.ts';
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
  /** The only state of a remote file that is wanted. Default: whichever is there. */
  pinned?: RemoteVersion;
}

type DecoderParameters = Parameters<typeof getDecoder>[1];

/** More directories than any file has; what claims more is damaged. */
const MOST_DIRECTORIES = 1000;

/**
 * Opens a GeoTIFF for reading window by window: 8, 16, 32 bit integers, 32, 64 bit floats, tiles or strips, any
 * interleaving, uncompressed, deflate, LZW, ZSTD, PackBits, and through geotiff.js JPEG and LERC.
 *
 * A pixel is masked (unobserved) where the file says so: any band equals nodata or is no measurement, alpha is 0, the
 * internal mask is 0, the tile was never written. *Any* band, because detectors compare whole pixels: one
 * fill value in one band would otherwise be compared with ground.
 *
 * read() throws ImageryError tiff-damaged, naming file and tile, where a tile cannot be decoded.
 * @throws ImageryError file-missing, not-a-file, not-a-tiff, tiff-damaged, tiff-unsupported, crs-unknown
 */
export async function openTiff(path: string, options: TiffReadOptions = {}): Promise<RasterSource> {
  const file = await openTiffFile(path, options.pinned);
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
  const main = await directoryChain(file);
  const sidecars = await openSidecars(file.path, directoryChain);
  try {
    const levels = await findLevels(main, sidecars);
    const info = await tiffInfo(levels, options.alphaIsBand ?? false);
    const cacheBytes = options.cacheBytes ?? 64 * 2 ** 20;
    const bandsOf = async ({ file, image, mask, directory }: TiffLevel<Directory>): Promise<TiffBands> => ({
      chunks: new ChunkCache(file, image, await libraryDecoder(directory.fields, image), cacheBytes),
      maskChunks: mask && new ChunkCache(mask.file, mask.image, null, cacheBytes / 8),
      alpha: options.alphaIsBand ? -1 : alphaBand(image),
      nodata: info.nodata,
      onDamage: options.onDamage,
    });
    const openOverview = async (index: number) => {
      const level = levels[index + 1];
      if (level === undefined)
        throw new RangeError(`${file.path} has ${levels.length - 1} overviews, not ${index + 1}.`);
      const reduced = { ...info, grid: overviewGrid(info.grid, level.image), overviews: [] };
      return new TiffSource(reduced, await bandsOf(level), openOverview, async () => {});
    };
    return new TiffSource(info, await bandsOf(levels[0]), openOverview, async () => {
      await closeSidecars(sidecars);
      await file.close();
    });
  } catch (error) {
    await closeSidecars(sidecars);
    throw error;
  }
}

interface Directory extends ImageDirectory {
  fields: ImageFileDirectory;
}

async function directoryChain(file: TiffFile): Promise<DirectoryChain<Directory>> {
  const tiff = await GeoTIFF.fromSource(file);
  // geotiff.js 3.0.5 reads values it defers as little-endian whatever the file is.
  tiff.parser.eager = !tiff.littleEndian;
  const directories = await listDirectories(file, tiff);
  return { file, littleEndian: tiff.littleEndian, directories: directories.map(directoryOf) };
}

function directoryOf(fields: ImageFileDirectory): Directory {
  return {
    fields,
    async tags(tag) {
      const value = await fields.loadValue(tag);
      return typeof value === 'number' ? [value] : value;
    },
    async text(tag) {
      const value = await fields.loadValue(tag);
      return typeof value === 'string' ? value.replaceAll('\0', '') : null;
    },
    geoKeys: () => fields.parseGeoKeyDirectory(),
  };
}

/** Every image directory of the file; a chain that bites its own tail is refused instead of followed for ever. */
async function listDirectories(file: TiffFile, tiff: GeoTIFF): Promise<ImageFileDirectory[]> {
  const guard = new DirectoryGuard(file, tiff);
  const seen = new Set([tiff.firstIFDOffset]);
  await guard.check(tiff.firstIFDOffset);
  const directories = [await tiff.requestIFD(0)];
  for (;;) {
    const next = directories[directories.length - 1].nextIFDByteOffset;
    if (next === 0) return directories;
    if (seen.has(next) || directories.length === MOST_DIRECTORIES) {
      const what = seen.has(next)
        ? 'its directories lead back to themselves'
        : `more than ${MOST_DIRECTORIES} directories`;
      throw new ImageryError('tiff-damaged', `${file.path}: is damaged: ${what}.`);
    }
    seen.add(next);
    await guard.check(next);
    directories.push(await tiff.requestIFD(directories.length));
  }
}

/** geotiff.js for the compressions that node:zlib does not know; its decoders keep no state between chunks. */
async function libraryDecoder(directory: ImageFileDirectory, image: TiffImage): Promise<LibraryDecoder | null> {
  if (!needsLibrary(image.compression)) return null;
  const tables = await directory.loadValue(JPEG_TABLES);
  if (compressionName(image.compression) === 'jpeg' && readsJpeg(image)) return jpegDecoder(image, tables);
  const lercParameters = await directory.loadValue(LERC_PARAMETERS);
  const decoder = await getDecoder(image.compression, {
    tileWidth: image.chunkWidth,
    tileHeight: image.chunkHeight,
    predictor: 1,
    bitsPerSample: image.bitsPerSample,
    planarConfiguration: image.planar ? 2 : 1,
    JPEGTables: tables,
    LercParameters: [lercParameters?.[0], 0], // What is round the blob, lercDecoder undoes.
  } as DecoderParameters);
  const decode: LibraryDecoder = async (bytes) => {
    if (compressionName(image.compression) === 'jpeg') checkFrame(image, bytes);
    return new Uint8Array(await decoder.decodeBlock(new Uint8Array(bytes).buffer));
  };
  return compressionName(image.compression) === 'lerc' ? lercDecoder(image, lercParameters, decode) : decode;
}

class TiffSource implements RasterSource {
  readonly info: RasterInfo;
  readonly overview: RasterSource['overview'];
  private readonly bands: TiffBands;
  private readonly closeFiles: () => Promise<void>;

  constructor(info: RasterInfo, bands: TiffBands, overview: RasterSource['overview'], closeFiles: () => Promise<void>) {
    this.info = info;
    this.bands = bands;
    this.overview = overview;
    this.closeFiles = closeFiles;
  }

  read(window: Window, into?: Raster): Promise<Raster> {
    return readWindow(this.info.grid, this.bands, window, into);
  }

  async close(): Promise<void> {
    this.bands.chunks.clear();
    this.bands.maskChunks?.clear();
    await this.closeFiles();
  }
}
