import { arenaMemory } from '../kernels/arena.ts';
import { SLACK_BYTES } from '../kernels/codecs.ts';
import { withScratch } from '../kernels/scratch.ts';
import { decodeChunk } from './chunk.ts';
import { type Batch, batchesOf, type ChunkPart, partsOf } from './chunk-batches.ts';
import { ChunkProgress, type ChunkSink } from './chunk-sink.ts';
import type { LibraryDecoder } from './decompress.ts';
import type { TiffFile } from './file.ts';
import { chunkBytes, type TiffImage } from './image.ts';
import { decodeRaw } from './kernel-decoder.ts';
import { SAMPLE_TYPES } from './samples.ts';

/** Larger chunks are decoded outside the arena, by threads of their own. */
const largestBytes = 64 * 2 ** 20;
/** Batches under way where the file has to be waited for. */
const batchesAtOnce = 4;

/** Reads and decodes chunks of one image. */
export class ChunkReader {
  readonly image: TiffImage;
  readonly #file: TiffFile;
  readonly #library: LibraryDecoder | null;

  /** @param library decodes what this project does not decode itself; null where it does */
  constructor(file: TiffFile, image: TiffImage, library: LibraryDecoder | null) {
    this.#file = file;
    this.image = image;
    this.#library = library;
  }

  /** False for a chunk that was never written; one band that was not is enough. */
  isWritten(index: number): boolean {
    return partsOf(this.image, index).every(({ place }) => this.image.byteCounts[place] > 0);
  }

  /**
   * Decodes written chunks, best in the order of the file; without waiting for anything where the file is local.
   * @throws what reading the file throws, and what the sink does
   */
  async read(indices: readonly number[], sink: ChunkSink): Promise<void> {
    const progress = new ChunkProgress(this.image, sink);
    const parts = indices.flatMap((index) => partsOf(this.image, index));
    const batches = batchesOf(this.image, parts);
    this.#file.expect(() =>
      batches.flatMap(({ runs }) => runs.map(({ offset, bytes }) => ({ offset, length: bytes }))),
    );
    let next = 0;
    const lane = async () => {
      try {
        while (next < batches.length) {
          const batch = batches[next++];
          const unfit = this.#decodeNow(batch, progress) ?? (await this.#decodeLater(batch, progress));
          for (const part of unfit) await this.#decodeLarge(part, progress);
        }
      } catch (error) {
        next = batches.length;
        throw error;
      }
    };
    // Nothing is written to the sink's places after read() has ended, well or badly.
    const lanes = await Promise.allSettled(Array.from({ length: batchesAtOnce }, lane));
    for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  }

  /** The parts that are not for the arena; null where the batch has to be waited for. */
  #decodeNow(batch: Batch, progress: ChunkProgress): ChunkPart[] | null {
    if (this.#library !== null || !this.#file.isLocal) return null;
    if (this.#isLarge(batch)) return batch.parts;
    return this.#decode(batch, progress, (target) => {
      for (const { offset, bytes, at } of batch.runs) this.#file.readNow(offset, target.subarray(at, at + bytes));
    });
  }

  async #decodeLater(batch: Batch, progress: ChunkProgress): Promise<ChunkPart[]> {
    if (this.#isLarge(batch) || this.#library !== null) return batch.parts;
    const read = await Promise.all(batch.runs.map(({ offset, bytes }) => this.#file.read(offset, bytes)));
    return this.#decode(batch, progress, (target) => {
      for (const [i, bytes] of read.entries()) target.set(bytes, batch.runs[i].at);
    });
  }

  #isLarge({ parts, bytes }: Batch): boolean {
    return bytes > largestBytes || chunkBytes(this.image, parts[0].rows) > largestBytes;
  }

  /**
   * Decodes a batch in the arena, two parts at a time.
   * @returns the parts that do not fit there
   */
  #decode(batch: Batch, progress: ChunkProgress, fill: (target: Uint8Array) => void): ChunkPart[] {
    const { image } = this;
    const { parts, starts } = batch;
    const rows = Math.max(...parts.map((part) => part.rows));
    const bands = image.planar ? 1 : image.sampleCount;
    const planeBytes = image.chunkWidth * rows * SAMPLE_TYPES[image.sampleType].array.BYTES_PER_ELEMENT;
    // Bits become bytes in place.
    const rawBytes = Math.max(chunkBytes(image, rows), planeBytes);
    const sizes = [
      batch.bytes,
      rawBytes,
      rawBytes,
      chunkBytes(image, 1),
      4 * bands,
      ...Array.from({ length: bands }, () => planeBytes),
    ];
    const offsets: number[] = [];
    let total = 0;
    for (const size of sizes) {
      offsets.push(total);
      total += Math.ceil((size + SLACK_BYTES) / 64) * 64;
    }
    const unfit = withScratch(total, (start) => {
      const [from, rawA, rawB, work, list, ...own] = offsets.map((offset) => start + offset);
      fill(new Uint8Array(arenaMemory.buffer, from, batch.bytes));
      const left: ChunkPart[] = [];
      for (let i = 0; i < parts.length; i += 2) {
        const pair = parts.slice(i, i + 2);
        const encoded = pair.map(({ place, rows }, k) => {
          return { at: from + starts[i + k], bytes: image.byteCounts[place], rows, raw: k === 0 ? rawA : rawB, work };
        });
        for (const [k, outcome] of decodeRaw(image, encoded).entries()) {
          if (outcome === 'unfit') left.push(pair[k]);
          else if (outcome instanceof Error) progress.fail(pair[k], outcome);
          else progress.takeRaw(pair[k], outcome.raw, own, list);
        }
      }
      return left;
    });
    return unfit ?? parts;
  }

  async #decodeLarge(part: ChunkPart, progress: ChunkProgress): Promise<void> {
    const { image } = this;
    const bytes = await this.#file.read(image.offsets[part.place], image.byteCounts[part.place]);
    let bands: Awaited<ReturnType<typeof decodeChunk>>;
    try {
      bands = await decodeChunk(image, bytes, part.rows, this.#library);
    } catch (error) {
      progress.fail(part, error);
      return;
    }
    progress.takeBands(part, bands);
  }
}
