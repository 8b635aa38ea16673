import { ImageryError } from '../error.ts';
import { checkWindow, type Grid, type Window, windowGrid } from '../grid.ts';
import type { Raster, Samples } from '../raster.ts';
import { isPremultiplied, undoPremultiplied } from './alpha.ts';
import type { ChunkCache } from './chunk-cache.ts';
import type { TiffImage } from './image.ts';
import { maskNodata } from './nodata.ts';
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

/** Chunks decoded at once: enough to keep the decompression threads busy, few enough to bound memory. */
const CHUNKS_AT_ONCE = 4;

/** Reads one window, which may reach outside the image; see openTiff for what is masked. */
export async function readWindow(grid: Grid, source: TiffBands, window: Window): Promise<Raster> {
  checkWindow(window);
  const { bands, mask } = await assemble(source.chunks, window, source.onDamage);
  if (source.alpha >= 0) {
    const [alpha] = bands.splice(source.alpha, 1);
    if (isPremultiplied(source.chunks.image)) undoPremultiplied(bands, alpha);
    maskNodata(alpha, 0, mask);
  }
  for (const band of bands) maskNodata(band, source.nodata, mask);
  if (source.maskChunks) {
    const internal = await assemble(source.maskChunks, window, source.onDamage);
    for (const band of internal.bands) maskNodata(band, 0, mask);
  }
  return { grid: windowGrid(grid, window), bands, mask };
}

/** Every sample of the window as stored, with mask 1 where the file has a decodable chunk. */
async function assemble(chunks: ChunkCache, window: Window, onDamage: TiffBands['onDamage']) {
  const { image } = chunks;
  const count = window.width * window.height;
  const Type = SAMPLE_TYPES[image.sampleType].array;
  const bands: Samples[] = Array.from({ length: image.sampleCount }, () => new Type(count));
  const mask = new Uint8Array(count);
  const places = placesIn(image, window);
  let next = 0;
  const lane = async () => {
    while (next < places.length) {
      const [chunkColumn, chunkRow] = places[next++];
      const chunk = await chunks.get(chunkColumn, chunkRow).catch((error) => {
        if (!onDamage || !(error instanceof ImageryError) || error.code !== 'tiff-damaged') throw error;
        onDamage(error);
        return null;
      });
      if (chunk) copyChunk(image, chunk, chunkColumn, chunkRow, window, bands, mask);
    }
  };
  await Promise.all(Array.from({ length: CHUNKS_AT_ONCE }, lane));
  return { bands, mask };
}

/** The chunks that share pixels with the window, row by row. */
function placesIn(image: TiffImage, window: Window): [chunkColumn: number, chunkRow: number][] {
  const places: [number, number][] = [];
  const endColumn = Math.min(window.column + window.width, image.width);
  const endRow = Math.min(window.row + window.height, image.height);
  const firstColumn = Math.floor(Math.max(window.column, 0) / image.chunkWidth);
  const firstRow = Math.floor(Math.max(window.row, 0) / image.chunkHeight);
  for (let chunkRow = firstRow; chunkRow * image.chunkHeight < endRow; chunkRow++) {
    for (let chunkColumn = firstColumn; chunkColumn * image.chunkWidth < endColumn; chunkColumn++) {
      places.push([chunkColumn, chunkRow]);
    }
  }
  return places;
}

/** Copies what chunk, image and window have in common. */
function copyChunk(
  image: TiffImage,
  chunk: Samples[],
  chunkColumn: number,
  chunkRow: number,
  window: Window,
  bands: Samples[],
  mask: Uint8Array,
): void {
  const chunkLeft = chunkColumn * image.chunkWidth;
  const chunkTop = chunkRow * image.chunkHeight;
  const left = Math.max(chunkLeft, window.column);
  const right = Math.min(chunkLeft + image.chunkWidth, window.column + window.width, image.width);
  const top = Math.max(chunkTop, window.row);
  const bottom = Math.min(chunkTop + image.chunkHeight, window.row + window.height, image.height);
  for (let row = top; row < bottom; row++) {
    const from = (row - chunkTop) * image.chunkWidth + left - chunkLeft;
    const to = (row - window.row) * window.width + left - window.column;
    for (const [b, band] of bands.entries()) band.set(chunk[b].subarray(from, from + right - left), to);
    mask.fill(1, to, to + right - left);
  }
}
