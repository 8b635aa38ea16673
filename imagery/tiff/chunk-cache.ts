import { ImageryError } from '../error.ts';
import type { Samples } from '../raster.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { ChunkSink } from './chunk-sink.ts';
import type { LibraryDecoder } from './decompress.ts';
import type { TiffFile } from './file.ts';
import { chunkBytes, type TiffImage } from './image.ts';

/** A decoded chunk: its bands, chunkWidth * rows samples each; null where it was never written; or what is wrong. */
export type CachedChunk = Samples[] | null | ImageryError;

/**
 * Decoded chunks of one image, least recently used dropped first, for windows that show parts of chunks: those with
 * halos overlap, so most chunks at their edges are wanted twice within moments.
 */
export class ChunkCache {
  readonly image: TiffImage;
  readonly reader: ChunkReader;
  private readonly capacity: number;
  private readonly chunks = new Map<number, Promise<CachedChunk>>();

  /** @param library decodes what this project does not decode itself; null where it does */
  constructor(file: TiffFile, image: TiffImage, library: LibraryDecoder | null, cacheBytes: number) {
    this.image = image;
    this.reader = new ChunkReader(file, image, library);
    const bytesPerPlace = chunkBytes(image, image.chunkHeight) * (image.planar ? image.sampleCount : 1);
    this.capacity = Math.max(4, Math.floor(cacheBytes / bytesPerPlace));
  }

  holds(index: number): boolean {
    return this.chunks.has(index);
  }

  /**
   * Chunks by their indices, those that are not held read together.
   * @throws (each for itself) what reading the file throws
   */
  get(indices: readonly number[]): Promise<CachedChunk>[] {
    const missing = indices.filter((index) => !this.chunks.has(index));
    if (missing.length > 0) this.load(missing);
    const wanted = indices.map((index) => {
      const chunk = this.chunks.get(index)!;
      this.chunks.delete(index); // to be put back as the most recent one
      this.chunks.set(index, chunk);
      return chunk;
    });
    while (this.chunks.size > this.capacity) this.chunks.delete(this.chunks.keys().next().value!);
    return wanted;
  }

  clear(): void {
    this.chunks.clear();
  }

  private load(indices: number[]): void {
    const open = new Map<number, PromiseWithResolvers<CachedChunk>>();
    for (const index of indices) {
      const chunk = Promise.withResolvers<CachedChunk>();
      // What went wrong is not held: whoever asks next may have more luck.
      const drop = () => this.chunks.delete(index);
      chunk.promise.then((content) => content instanceof ImageryError && drop(), drop);
      this.chunks.set(index, chunk.promise);
      if (this.reader.isWritten(index)) open.set(index, chunk);
      else chunk.resolve(null);
    }
    const bands = new Map<number, Samples[]>();
    const sink: ChunkSink = {
      target: () => null,
      keep: (index, firstBand, decoded) => {
        const all = bands.get(index) ?? [];
        for (const [b, band] of decoded.entries()) all[firstBand + b] = band.slice();
        bands.set(index, all);
      },
      finished: (index, error) => {
        open.get(index)!.resolve(error ?? bands.get(index)!);
        open.delete(index);
        bands.delete(index);
      },
    };
    this.reader.read([...open.keys()], sink).catch((error) => {
      for (const chunk of open.values()) chunk.reject(error);
    });
  }
}
