import { ImageryError } from '../error.ts';
import type { Samples } from '../raster.ts';
import { decodeChunk } from './chunk.ts';
import type { LibraryDecoder } from './decompress.ts';
import type { TiffFile } from './file.ts';
import { chunkBytes, rowsInChunk, type TiffImage } from './image.ts';

/**
 * Decoded chunks of one image, all bands of a place together, least recently used dropped first. Windows with halos
 * overlap, so most chunks at their edges are wanted twice within moments.
 */
export class ChunkCache {
  readonly image: TiffImage;
  private readonly file: TiffFile;
  private readonly library: LibraryDecoder | null;
  private readonly capacity: number;
  private readonly chunks = new Map<number, Promise<Samples[] | null>>();

  /** @param library decodes what this project does not decode itself; null where it does */
  constructor(file: TiffFile, image: TiffImage, library: LibraryDecoder | null, cacheBytes: number) {
    this.file = file;
    this.image = image;
    this.library = library;
    const bytesPerPlace = chunkBytes(image, image.chunkHeight) * (image.planar ? image.sampleCount : 1);
    this.capacity = Math.max(4, Math.floor(cacheBytes / bytesPerPlace));
  }

  /**
   * The bands of the chunk at a place, or null where the file is sparse: chunkWidth * rows samples each.
   * @throws ImageryError tiff-damaged naming file and chunk
   */
  get(chunkColumn: number, chunkRow: number): Promise<Samples[] | null> {
    const index = chunkRow * this.image.chunkColumns + chunkColumn;
    let chunk = this.chunks.get(index);
    if (chunk) {
      this.chunks.delete(index); // to be put back as the most recent one
    } else {
      chunk = this.load(index);
      chunk.catch(() => this.chunks.delete(index));
    }
    this.chunks.set(index, chunk);
    if (this.chunks.size > this.capacity) this.chunks.delete(this.chunks.keys().next().value!);
    return chunk;
  }

  clear(): void {
    this.chunks.clear();
  }

  private async load(index: number): Promise<Samples[] | null> {
    const { image } = this;
    const rows = rowsInChunk(image, Math.floor(index / image.chunkColumns));
    const step = image.chunkColumns * image.chunkRows;
    const places = image.planar ? Array.from({ length: image.sampleCount }, (_, band) => index + band * step) : [index];
    // A place of which one band was never written counts as never written.
    if (places.some((place) => image.byteCounts[place] === 0)) return null;
    const bands: Samples[] = [];
    for (const place of places) bands.push(...(await this.decode(place, index, rows)));
    return bands;
  }

  private async decode(place: number, index: number, rows: number): Promise<Samples[]> {
    const { image } = this;
    const bytes = await this.file.read(image.offsets[place], image.byteCounts[place]);
    try {
      return await decodeChunk(image, bytes, rows, this.library);
    } catch (error) {
      const column = index % image.chunkColumns;
      const row = Math.floor(index / image.chunkColumns);
      const name = image.tiled ? `tile at column ${column}, row ${row}` : `strip ${row}`;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ImageryError('tiff-damaged', `${image.path}: ${name} cannot be decoded: ${reason}.`, error);
    }
  }
}
