import { ImageryError } from '../error.ts';
import { arenaMemory } from '../kernels/arena.ts';
import type { Samples } from '../raster.ts';
import type { ChunkPart } from './chunk-batches.ts';
import type { TiffImage } from './image.ts';
import { type ChunkTarget, separateBands } from './kernel-decoder.ts';
import { SAMPLE_TYPES } from './samples.ts';

/** Where the pixels of chunks go. A chunk is told by its index: row by row of chunks. */
export interface ChunkSink {
  /** Where in the arena bands of a chunk go, from one band on; null: keep() gets them. */
  target(index: number, firstBand: number): ChunkTarget | null;
  /** Bands of a chunk from one band on, chunkWidth * rows samples each, which last as long as the call. */
  keep(index: number, firstBand: number, bands: Samples[]): void;
  /** All bands of a chunk are there; or what is wrong, tiff-damaged and naming the chunk. */
  finished(index: number, error: ImageryError | null): void;
}

/** Hands parts of chunks on to a sink as they are decoded, and tells it when a chunk is complete. */
export class ChunkProgress {
  readonly #image: TiffImage;
  readonly #sink: ChunkSink;
  /** Of chunks that are not complete: parts still to come, and the first thing that was wrong. */
  readonly #open = new Map<number, { missing: number; error: ImageryError | null }>();

  constructor(image: TiffImage, sink: ChunkSink) {
    this.#image = image;
    this.#sink = sink;
  }

  /**
   * Takes interleaved samples in the arena.
   * @param own where bands go that the sink has no place for
   * @param list room for the addresses of the bands
   */
  takeRaw(part: ChunkPart, raw: number, own: number[], list: number): void {
    const { chunkWidth, sampleType } = this.#image;
    const target = this.#sink.target(part.index, part.firstBand);
    if (target !== null) {
      separateBands(this.#image, raw, target, list);
    } else {
      const Type = SAMPLE_TYPES[sampleType].array;
      const rowBytes = chunkWidth * Type.BYTES_PER_ELEMENT;
      separateBands(this.#image, raw, { planes: own, rowBytes, width: chunkWidth, rows: part.rows }, list);
      const bands = own.map((at) => new Type(arenaMemory.buffer, at, chunkWidth * part.rows));
      this.#sink.keep(part.index, part.firstBand, bands);
    }
    this.#close(part, null);
  }

  /** Takes bands from anywhere. */
  takeBands(part: ChunkPart, bands: Samples[]): void {
    const target = this.#sink.target(part.index, part.firstBand);
    if (target === null) this.#sink.keep(part.index, part.firstBand, bands);
    else this.#copy(bands, target);
    this.#close(part, null);
  }

  /** The part cannot be decoded, or not be read. */
  fail({ index, ...part }: ChunkPart, error: unknown): void {
    const { path, tiled, chunkColumns } = this.#image;
    const name = tiled
      ? `tile at column ${index % chunkColumns}, row ${Math.floor(index / chunkColumns)}`
      : `strip ${Math.floor(index / chunkColumns)}`;
    const reason = error instanceof Error ? error.message : String(error);
    const damage = new ImageryError('tiff-damaged', `${path}: ${name} cannot be decoded: ${reason}.`, error);
    this.#close({ index, ...part }, damage);
  }

  #close({ index }: ChunkPart, error: ImageryError | null): void {
    const { planar, sampleCount } = this.#image;
    const state = this.#open.get(index) ?? { missing: planar ? sampleCount : 1, error: null };
    state.missing--;
    state.error ??= error;
    this.#open.set(index, state);
    if (state.missing > 0) return;
    this.#open.delete(index);
    this.#sink.finished(index, state.error);
  }

  #copy(bands: Samples[], { planes, rowBytes, width, rows }: ChunkTarget): void {
    const { chunkWidth, sampleType } = this.#image;
    const Type = SAMPLE_TYPES[sampleType].array;
    for (const [b, band] of bands.entries()) {
      for (let row = 0; row < rows; row++) {
        const from = band.subarray(row * chunkWidth, row * chunkWidth + width);
        new Type(arenaMemory.buffer, planes[b] + row * rowBytes, width).set(from);
      }
    }
  }
}
