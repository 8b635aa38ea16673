import { rowsInChunk, type TiffImage } from './image.ts';

/** What one place in the file holds: all bands of a chunk, or one of them in a planar image. */
export interface ChunkPart {
  /** Index into the image's offsets and byte counts. */
  place: number;
  /** Of the chunk in the image, row by row. */
  index: number;
  firstBand: number;
  rows: number;
}

/** Bytes of the file that are read at once, and where they go among the bytes of a batch. */
export interface Run {
  offset: number;
  bytes: number;
  at: number;
}

/** Parts that are read and decoded together. */
export interface Batch {
  parts: ChunkPart[];
  /** Where the bytes of each part begin among those of the batch. */
  starts: number[];
  runs: Run[];
  bytes: number;
}

/** At most so many bytes at once, but for two parts, since two are decoded at a time. */
const usualBytes = 4 * 2 ** 20;
/** Writers leave a few bytes between tiles, such as the repeated sizes of a COG. */
const largestGapBytes = 64;
const alignment = 64;

/** The parts of a chunk, band by band where the image is planar. */
export function partsOf(image: TiffImage, index: number): ChunkPart[] {
  const rows = rowsInChunk(image, Math.floor(index / image.chunkColumns));
  const step = image.chunkColumns * image.chunkRows;
  const count = image.planar ? image.sampleCount : 1;
  return Array.from({ length: count }, (_, band) => ({ place: index + band * step, index, firstBand: band, rows }));
}

/** Parts in batches, in the order given; neighbours in the file become one run. */
export function batchesOf({ offsets, byteCounts }: TiffImage, parts: readonly ChunkPart[]): Batch[] {
  const batches: Batch[] = [];
  for (const part of parts) {
    const bytes = byteCounts[part.place];
    const offset = offsets[part.place];
    let batch = batches.at(-1);
    if (batch === undefined || (batch.parts.length % 2 === 0 && batch.bytes + bytes > usualBytes)) {
      batch = { parts: [], starts: [], runs: [], bytes: 0 };
      batches.push(batch);
    }
    const run = batch.runs.at(-1);
    const gap = run ? offset - run.offset - run.bytes : -1;
    if (run && gap >= 0 && gap <= largestGapBytes) run.bytes += gap + bytes;
    else batch.runs.push({ offset, bytes, at: Math.ceil(batch.bytes / alignment) * alignment });
    const last = batch.runs.at(-1)!;
    batch.parts.push(part);
    batch.starts.push(last.at + offset - last.offset);
    batch.bytes = last.at + last.bytes;
  }
  return batches;
}
