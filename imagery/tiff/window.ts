import { ImageryError } from '../error.ts';
import { checkWindow, type Grid, type Window, windowGrid } from '../grid.ts';
import { arenaMemory } from '../kernels/arena.ts';
import type { Raster, Samples } from '../raster.ts';
import { isPremultiplied, undoPremultiplied } from './alpha.ts';
import type { ChunkCache } from './chunk-cache.ts';
import type { ChunkSink } from './chunk-sink.ts';
import { chunksIn, isCovered, overlap } from './chunks-in-window.ts';
import type { TiffImage } from './image.ts';
import { maskMissing } from './observed.ts';
import { SAMPLE_TYPES } from './samples.ts';

/** What a file's pixels are assembled from. */
export interface TiffBands {
  chunks: ChunkCache;
  /** The internal mask's chunks; 0 = not observed. */
  maskChunks: ChunkCache | null;
  /** Index of the alpha sample, or -1. */
  alpha: number;
  nodata: number | null;
  onDamage: ((error: ImageryError) => void) | undefined;
}

/** All samples of a window as stored, and where the file has them. */
interface Pixels {
  samples: Samples[];
  mask: Uint8Array;
}

/** Chunks of which a window shows a part, decoded at once: a bound to what is in memory. */
const sharedAtOnce = 16;

/**
 * Reads one window, which may reach outside the image; see openTiff for what is masked.
 * @param into lends its arrays; on arenaMemory chunks are decoded straight into them
 */
export async function readWindow(grid: Grid, source: TiffBands, window: Window, into?: Raster): Promise<Raster> {
  checkWindow(window);
  const { image } = source.chunks;
  const hasAlpha = source.alpha >= 0;
  if (into) checkLent(into, image, window, image.sampleCount - (hasAlpha ? 1 : 0));
  const samples = into ? [...into.bands] : emptyBands(image, window, image.sampleCount);
  if (into && hasAlpha) samples.splice(source.alpha, 0, ...emptyBands(image, window, 1));
  const mask = into ? into.mask.fill(0) : new Uint8Array(window.width * window.height);
  await assemble(source.chunks, window, { samples, mask }, source.onDamage);

  const bands = hasAlpha ? samples.toSpliced(source.alpha, 1) : samples;
  if (hasAlpha) {
    if (isPremultiplied(image)) undoPremultiplied(bands, samples[source.alpha]);
    maskMissing(samples[source.alpha], 0, mask);
  }
  for (const band of bands) maskMissing(band, source.nodata, mask);
  if (source.maskChunks) await maskByChunks(source.maskChunks, window, mask, source.onDamage);
  return { grid: windowGrid(grid, window), bands, mask };
}

function emptyBands(image: TiffImage, window: Window, count: number): Samples[] {
  const Type = SAMPLE_TYPES[image.sampleType].array;
  return Array.from({ length: count }, () => new Type(window.width * window.height));
}

function checkLent({ bands, mask }: Raster, image: TiffImage, window: Window, bandCount: number): void {
  const pixels = window.width * window.height;
  const Type = SAMPLE_TYPES[image.sampleType].array;
  const fits = bands.every((band) => band instanceof Type && band.length === pixels);
  if (bands.length !== bandCount || !fits || mask.length !== pixels)
    throw new RangeError(`${image.path}: wanted ${bandCount} bands of ${pixels} ${image.sampleType} to read into.`);
}

/** Clears the mask where an internal one is 0 in any of its bands. */
async function maskByChunks(chunks: ChunkCache, window: Window, mask: Uint8Array, onDamage: TiffBands['onDamage']) {
  const internal: Pixels = {
    samples: emptyBands(chunks.image, window, chunks.image.sampleCount),
    mask: new Uint8Array(mask.length),
  };
  await assemble(chunks, window, internal, onDamage);
  for (const band of internal.samples) maskMissing(band, 0, mask);
}

/** Fills in what decodable chunks hold of the window, mask 1 there; the rest stays as it is. */
async function assemble(chunks: ChunkCache, window: Window, to: Pixels, onDamage: TiffBands['onDamage']) {
  const { image } = chunks;
  const whole: number[] = [];
  const shared: number[] = [];
  for (const index of chunksIn(image, window)) {
    if (isCovered(image, index, window) && !chunks.holds(index)) whole.push(index);
    else shared.push(index);
  }
  const report = (error: ImageryError) => {
    if (!onDamage) throw error;
    onDamage(error);
  };
  await Promise.all([readWhole(chunks, whole, window, to, report), readShared(chunks, shared, window, to, report)]);
}

/** Chunks that the window shows all of go straight to their places: it is not likely that they are wanted again. */
async function readWhole(
  { image, reader }: ChunkCache,
  indices: number[],
  window: Window,
  to: Pixels,
  report: (error: ImageryError) => void,
): Promise<void> {
  const isInArena = [...to.samples, to.mask].every(({ buffer }) => buffer === arenaMemory.buffer);
  const bandsAtOnce = image.planar ? 1 : image.sampleCount;
  const sink: ChunkSink = {
    target: (index, firstBand) => {
      if (!isInArena) return null;
      const { width, rows, at } = overlap(image, index, window);
      const { BYTES_PER_ELEMENT: sampleBytes } = to.samples[0];
      const bands = to.samples.slice(firstBand, firstBand + bandsAtOnce);
      const planes = bands.map((band) => band.byteOffset + at * sampleBytes);
      return { planes, rowBytes: window.width * sampleBytes, width, rows };
    },
    keep: (index, firstBand, bands) => copyBands(image, index, window, bands, to.samples.slice(firstBand)),
    finished: (index, error) => {
      if (error) report(error);
      else showObserved(image, index, window, to.mask);
    },
  };
  await reader.read(
    indices.filter((index) => reader.isWritten(index)),
    sink,
  );
}

async function readShared(
  chunks: ChunkCache,
  indices: number[],
  window: Window,
  to: Pixels,
  report: (error: ImageryError) => void,
): Promise<void> {
  for (let i = 0; i < indices.length; i += sharedAtOnce) {
    const group = indices.slice(i, i + sharedAtOnce);
    for (const [k, chunk] of (await Promise.all(chunks.get(group))).entries()) {
      if (chunk instanceof ImageryError) report(chunk);
      if (chunk === null || chunk instanceof ImageryError) continue;
      copyBands(chunks.image, group[k], window, chunk, to.samples);
      showObserved(chunks.image, group[k], window, to.mask);
    }
  }
}

/** Copies what chunk, image and window have in common. */
function copyBands(image: TiffImage, index: number, window: Window, bands: Samples[], to: Samples[]): void {
  const { from, at, width, rows } = overlap(image, index, window);
  for (const [b, band] of bands.entries()) {
    for (let row = 0; row < rows; row++) {
      const start = from + row * image.chunkWidth;
      to[b].set(band.subarray(start, start + width), at + row * window.width);
    }
  }
}

function showObserved(image: TiffImage, index: number, window: Window, mask: Uint8Array): void {
  const { at, width, rows } = overlap(image, index, window);
  for (let row = 0; row < rows; row++) mask.fill(1, at + row * window.width, at + row * window.width + width);
}
