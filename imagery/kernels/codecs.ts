import { loadKernels } from './load.ts';

/** How an inflated stream ended. */
export const INFLATED = 1;
/** It holds more than there was room for; what fits is there. */
export const INFLATED_TOO_LONG = 4;

/** Decoders of compressed pixels; every address and length is in bytes of arenaMemory. */
interface Codecs {
  /**
   * Inflates one zlib stream and checks its checksum. Writes nothing outside [to, to + capacity).
   * @returns INFLATED, INFLATED_TOO_LONG, or 2 damaged, 3 truncated
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
}

export const codecs = loadKernels<Codecs>(new URL('./imagery.wasm', import.meta.url));
