import { loadKernels } from './load.ts';

/** How an inflated stream ended. */
export const INFLATED = 1;
export const INFLATED_TRUNCATED = 3;
/** It holds more than there was room for; what fits is there. */
export const INFLATED_TOO_LONG = 4;

/** Whole 16 byte vectors are stored, and read, so far beyond what counts. */
export const SLACK_BYTES = 64;

/**
 * Separates the pixel-interleaved samples at `from` into bands and undoes predictor 2.
 * @param samples per pixel
 * @param chunkWidth pixels of a row that are there
 * @param planes where the addresses of the bands' first samples stand, 4 bytes each
 * @param rowBytes from one row of a band to the next
 * @param width pixels of a row that are wanted; nothing is written beyond them
 */
type Separate = (
  from: number,
  samples: number,
  isDifferenced: boolean,
  chunkWidth: number,
  planes: number,
  rowBytes: number,
  width: number,
  rows: number,
) => void;

/** Clears the mask of an area where a band's sample is `nodata`; floats also where they cannot have been measured. */
type MaskMissing = (
  band: number,
  bandRowBytes: number,
  mask: number,
  maskRowBytes: number,
  width: number,
  rows: number,
  nodata: number,
) => void;

/** Decoders of compressed pixels; every address is one of arenaMemory, in bytes. */
interface Codecs {
  /**
   * Inflates one zlib stream and checks its checksum. Writes nothing outside [to, to + capacity).
   * @returns INFLATED, INFLATED_TRUNCATED, INFLATED_TOO_LONG, or 2: damaged
   */
  inflateOne(from: number, bytes: number, to: number, capacity: number): number;
  /**
   * Two streams at once, faster than one after the other.
   * @returns status of the first | status of the second << 8
   */
  inflatePair(
    fromA: number,
    bytesA: number,
    toA: number,
    capacityA: number,
    fromB: number,
    bytesB: number,
    toB: number,
    capacityB: number,
  ): number;
  /** Bytes that stream 0 or 1 of the last call put out. */
  inflatedBytes(which: number): number;
  /**
   * Decodes TIFF's LZW; may write and read SLACK_BYTES beyond output and input.
   * @returns bytes put out, fewer than `capacity` where the data ends early; -1 on a code without meaning
   */
  decodeLzw(from: number, bytes: number, to: number, capacity: number): number;
  /**
   * Undoes predictor 3 in place on rows of `samples` floats, `bands` of them per pixel; little-endian floats come out.
   * @param work room for one row
   */
  accumulateFloats(at: number, sampleBytes: number, samples: number, rows: number, bands: number, work: number): void;
  separate8: Separate;
  separate16: Separate;
  separate32: Separate;
  separate64: Separate;
  maskEqual8: MaskMissing;
  maskEqual16: MaskMissing;
  maskEqual32: MaskMissing;
  maskFloat32: MaskMissing;
  maskFloat64: MaskMissing;
}

export const codecs = loadKernels<Codecs>(new URL('./imagery.wasm', import.meta.url));
