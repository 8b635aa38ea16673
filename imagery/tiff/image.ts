import { ImageryError } from '../error.ts';
import type { SampleType } from '../raster.ts';
import { compressionName, isReadable, READABLE_COMPRESSIONS } from './decompress.ts';
import { SAMPLE_TYPES } from './samples.ts';

/** How one image of a TIFF file stores its pixels. A chunk is a tile, or a strip: a tile as wide as the image. */
export interface TiffImage {
  path: string;
  width: number;
  height: number;
  /** Samples per pixel, alpha included. */
  sampleCount: number;
  sampleType: SampleType;
  /** 1 for bilevel images, which unpack to uint8; otherwise that of sampleType. */
  bitsPerSample: number;
  /** True when every band has chunks of its own, one band after the other. */
  planar: boolean;
  tiled: boolean;
  chunkWidth: number;
  chunkHeight: number;
  chunkColumns: number;
  chunkRows: number;
  compression: number;
  predictor: number;
  /** True where a JPEG's three samples are luminance and colour differences instead of R, G, B. */
  isYCbCr: boolean;
  littleEndian: boolean;
  /** Where each chunk lies in the file; byte count 0 = a sparse chunk, never written. */
  offsets: ArrayLike<number>;
  byteCounts: ArrayLike<number>;
  /** ExtraSamples as the file declares them (1, 2 = alpha), for the last samples of a pixel. */
  extraSamples: number[];
}

/** All values of a tag of one image, or undefined. */
export type TagReader = (tag: number) => Promise<ArrayLike<number> | undefined>;

/** A chunk is decoded as a whole, and held a few times over: larger ones are refused before anything is allocated. */
const LARGEST_CHUNK_MIB = 96;
/** Chunks of one image, whose places are held: a square of 700,000 pixels a side in tiles of 256. */
const MOST_CHUNKS = 2 ** 23;
/** Samples per pixel; imaging spectrometers have a few hundred. */
const MOST_SAMPLES = 1024;
/** Where libtiff heeds the predictor. */
const PREDICTED = ['lzw', 'deflate', 'zstd'];
/** PhotometricInterpretations whose samples are no brightness. */
const COLOURS_APART: Record<number, string> = {
  5: 'printing colours (CMYK)',
  8: 'CIE L*a*b*',
  9: 'ICC L*a*b*',
  10: 'ITU L*a*b*',
};
/** Uncompressed strips above this are read in slices of rows instead. */
const LARGE_STRIP_BYTES = 4 * 2 ** 20;

/**
 * Reads how an image is stored and checks that it can be: everything that would fail later, at the door.
 * @throws ImageryError tiff-damaged, tiff-unsupported
 */
export async function readImage(path: string, tags: TagReader, littleEndian: boolean): Promise<TiffImage> {
  const first = async (tag: number, standard: number) => (await tags(tag))?.[0] ?? standard;
  const width = await first(256, 0);
  const height = await first(257, 0);
  const inRange = (pixels: number) => Number.isInteger(pixels) && pixels > 0 && pixels < 2 ** 31;
  if (!inRange(width) || !inRange(height))
    throw damaged(path, `wanted 1 to 2147483647 pixels a side, got ${width} x ${height}`);

  const sampleCount = await first(277, 1);
  if (!(sampleCount >= 1)) throw damaged(path, `wanted at least one sample per pixel, got ${sampleCount}`);
  if (sampleCount > MOST_SAMPLES)
    throw unsupported(path, `wanted at most ${MOST_SAMPLES} samples per pixel, got ${sampleCount}`);
  const { sampleType, bitsPerSample } = await readSampleType(path, tags, sampleCount);
  const compression = await first(259, 1);
  const planarity = await first(284, 1);
  const photometry = await first(262, 1);
  if (planarity !== 1 && planarity !== 2) throw damaged(path, `wanted planar configuration 1 or 2, got ${planarity}`);
  if (photometry === 2 && sampleCount < 3)
    throw damaged(path, `wanted at least 3 samples for red, green and blue, got ${sampleCount}`);
  if (photometry in COLOURS_APART) throw unsupported(path, `wanted plain samples, got ${COLOURS_APART[photometry]}`);
  const image: TiffImage = {
    path,
    width,
    height,
    sampleCount,
    sampleType,
    bitsPerSample,
    planar: planarity === 2 && sampleCount > 1,
    ...(await readChunkSize(path, tags, width, height)),
    chunkColumns: 0,
    chunkRows: 0,
    compression,
    predictor: PREDICTED.includes(compressionName(compression)) ? await first(317, 1) : 1,
    isYCbCr: photometry === 6,
    littleEndian,
    offsets: [],
    byteCounts: [],
    extraSamples: Array.from((await tags(338)) ?? []),
  };
  refuseUnsupported(image, await first(274, 1));
  image.chunkColumns = Math.ceil(width / image.chunkWidth);
  image.chunkRows = Math.ceil(height / image.chunkHeight);
  if (chunkCount(image) > MOST_CHUNKS)
    throw unsupported(path, `wanted at most ${MOST_CHUNKS} tiles or strips, got ${chunkCount(image)}`);
  image.offsets = (await tags(image.tiled ? 324 : 273)) ?? [];
  image.byteCounts = (await tags(image.tiled ? 325 : 279)) ?? wholeStrips(image);
  checkChunkTable(image);
  const split = splitLargeStrips(image);
  refuseLargeChunks(split);
  return split;
}

function chunkCount({ chunkColumns, chunkRows, planar, sampleCount }: TiffImage): number {
  return chunkColumns * chunkRows * (planar ? sampleCount : 1);
}

/** Bytes of one chunk of `rows` rows, decompressed: rows begin at whole bytes. */
export function chunkBytes(image: TiffImage, rows: number): number {
  const samplesPerRow = image.chunkWidth * (image.planar ? 1 : image.sampleCount);
  return Math.ceil((samplesPerRow * image.bitsPerSample) / 8) * rows;
}

/** Rows held by the chunks of one chunk row: tiles are always whole, the last strip is not. */
export function rowsInChunk(image: TiffImage, chunkRow: number): number {
  return image.tiled ? image.chunkHeight : Math.min(image.chunkHeight, image.height - chunkRow * image.chunkHeight);
}

async function readSampleType(path: string, tags: TagReader, sampleCount: number) {
  const bits = Array.from((await tags(258)) ?? [1]).slice(0, sampleCount);
  const formats = Array.from((await tags(339)) ?? [1]).slice(0, sampleCount);
  const bitsPerSample = bits[0];
  const told = [258, 339].map(async (tag) => (await tags(tag))?.length ?? 1);
  for (const count of await Promise.all(told))
    if (count !== 1 && count < sampleCount)
      throw damaged(path, `wanted 1 or ${sampleCount} sample types for as many samples, got ${count}`);
  const format = formats[0] === 4 ? 1 : formats[0]; // 4 = "undefined", which GDAL too reads as unsigned
  if (bits.some((other) => other !== bits[0]) || formats.some((other) => other !== formats[0]))
    throw unsupported(path, `wanted one sample type for all bands, got bits ${bits.join(',')}`);
  if (bitsPerSample === 1 && format === 1 && sampleCount === 1) return { sampleType: 'uint8' as const, bitsPerSample };
  const found = Object.entries(SAMPLE_TYPES).find(([, type]) => type.bits === bitsPerSample && type.format === format);
  if (!found) {
    const kind = ['', 'unsigned', 'signed', 'float', '', 'complex', 'complex'][format] ?? `format ${format}`;
    throw unsupported(path, `wanted 8, 16 or 32 bit integers or 32 or 64 bit floats, got ${bitsPerSample} bit ${kind}`);
  }
  return { sampleType: found[0] as SampleType, bitsPerSample };
}

async function readChunkSize(path: string, tags: TagReader, width: number, height: number) {
  const tileWidth = (await tags(322))?.[0];
  const tileHeight = (await tags(323))?.[0];
  if ((await tags(273)) !== undefined && (await tags(324)) !== undefined)
    throw damaged(path, 'it says where both strips and tiles lie, and has one kind');
  if (tileWidth !== undefined && tileHeight !== undefined)
    return { tiled: true, chunkWidth: tileWidth, chunkHeight: tileHeight };
  if (tileWidth !== undefined || tileHeight !== undefined)
    throw damaged(path, `its tiles are ${tileWidth ?? 'no'} x ${tileHeight ?? 'no'} pixels`);
  const rowsPerStrip = (await tags(278))?.[0] ?? height;
  return { tiled: false, chunkWidth: width, chunkHeight: Math.min(rowsPerStrip, height) };
}

function refuseUnsupported(image: TiffImage, orientation: number): void {
  const { path, compression, predictor } = image;
  const floats = image.sampleType.startsWith('float');
  if (orientation !== 1)
    throw unsupported(path, `wanted rows from the top and columns from the left, got orientation ${orientation}`);
  if (!isReadable(compression))
    throw unsupported(
      path,
      `wanted compression ${READABLE_COMPRESSIONS.join(', ')}, got ${compressionName(compression)}`,
    );
  if (compressionName(compression) === 'jpeg' && image.bitsPerSample !== 8)
    throw unsupported(path, `wanted 8 bits a sample in JPEG, got ${image.bitsPerSample}`);
  // The LERC decoder fails on the first; of the second it alters the last bits, swapped as they are.
  const isLerc = compressionName(compression) === 'lerc';
  if (isLerc && (image.sampleType === 'uint32' || (floats && !image.littleEndian)))
    throw unsupported(path, `wanted another type in LERC, got ${floats ? 'big-endian ' : ''}${image.sampleType}`);
  if (image.isYCbCr && !(compressionName(compression) === 'jpeg' && image.sampleCount === 3 && !image.planar))
    throw unsupported(path, 'wanted plain samples, got YCbCr colours');
  if (predictor !== 1 && !(predictor === 2 && image.bitsPerSample >= 8) && !(predictor === 3 && floats))
    throw unsupported(path, `wanted predictor 1, 2 or (for floats) 3, got ${predictor} on ${image.sampleType}`);
  if (!(image.chunkWidth > 0 && image.chunkHeight > 0))
    throw damaged(path, `its tiles are ${image.chunkWidth} x ${image.chunkHeight} pixels`);
  if (image.extraSamples.length > image.sampleCount)
    throw damaged(path, `wanted at most ${image.sampleCount} extra samples, got ${image.extraSamples.length}`);
  const odd = image.extraSamples.find((kind) => kind > 2);
  if (odd !== undefined) throw damaged(path, `wanted extra samples of kind 0, 1 or 2, got ${odd}`);
}

function refuseLargeChunks(image: TiffImage): void {
  // Bits become bytes.
  const bytes = Math.max(chunkBytes(image, image.chunkHeight), image.chunkWidth * image.chunkHeight);
  if (bytes <= LARGEST_CHUNK_MIB * 2 ** 20) return;
  const what = `one ${image.tiled ? 'tile' : 'strip'} holds ${bytes} bytes, wanted at most ${LARGEST_CHUNK_MIB} MiB`;
  throw unsupported(image.path, `${what}; write it anew in tiles`);
}

/** Old writers leave the byte counts of uncompressed strips out. */
function wholeStrips(image: TiffImage): number[] {
  if (image.compression !== 1) return [];
  return Array.from(image.offsets, (_, index) => chunkBytes(image, rowsInChunk(image, index % image.chunkRows)));
}

function checkChunkTable(image: TiffImage): void {
  const { path, offsets, byteCounts, tiled } = image;
  const wanted = chunkCount(image);
  const chunks = tiled ? 'tiles' : 'strips';
  if (offsets.length < wanted || byteCounts.length < wanted) {
    const got = Math.min(offsets.length, byteCounts.length);
    throw damaged(path, `${image.width} x ${image.height} pixels make ${wanted} ${chunks}, got ${got}`);
  }
}

/**
 * Refuses a file that ends before its last chunk does.
 * @throws ImageryError tiff-damaged
 */
export function checkNotTruncated(image: TiffImage, fileSize: number): void {
  let end = 0;
  for (let i = 0; i < image.offsets.length; i++) {
    if (image.byteCounts[i] > 0) end = Math.max(end, image.offsets[i] + image.byteCounts[i]);
  }
  if (!(end <= fileSize))
    throw new ImageryError(
      'tiff-damaged',
      `${image.path}: is truncated: wanted at least ${end} bytes, got ${fileSize}.`,
    );
}

/** Some writers put a whole uncompressed image into one strip; rows can be addressed anyway. */
function splitLargeStrips(image: TiffImage): TiffImage {
  const stripBytes = chunkBytes(image, image.chunkHeight);
  if (image.tiled || image.compression !== 1 || stripBytes <= LARGE_STRIP_BYTES) return image;
  const rowBytes = chunkBytes(image, 1);
  const rows = Math.max(1, Math.min(image.chunkHeight, Math.floor(LARGE_STRIP_BYTES / 4 / rowBytes)));
  if (image.chunkRows > 1 && image.chunkHeight % rows !== 0) return image;
  const slices = Math.ceil(image.height / rows) * (image.planar ? image.sampleCount : 1);
  if (slices > MOST_CHUNKS) throw unsupported(image.path, `wanted at most ${MOST_CHUNKS} strips, got ${slices}`);
  const offsets: number[] = [];
  const byteCounts: number[] = [];
  for (let strip = 0; strip < image.chunkRows * (image.planar ? image.sampleCount : 1); strip++) {
    const stripRows = rowsInChunk(image, strip % image.chunkRows);
    for (let row = 0; row < stripRows; row += rows) {
      const sparse = image.byteCounts[strip] === 0;
      offsets.push(image.offsets[strip] + row * rowBytes);
      byteCounts.push(sparse ? 0 : Math.min(rows, stripRows - row) * rowBytes);
    }
  }
  return { ...image, chunkHeight: rows, chunkRows: Math.ceil(image.height / rows), offsets, byteCounts };
}

function damaged(path: string, what: string): ImageryError {
  return new ImageryError('tiff-damaged', `${path}: is damaged: ${what}.`);
}

function unsupported(path: string, what: string): ImageryError {
  return new ImageryError('tiff-unsupported', `${path}: cannot be read: ${what}.`);
}
