import { kernels } from '../../detectors/kernels/kernels.ts';
import type { PairPlanes } from '../../detectors/kernels/pair-planes.ts';
import { readAligned, readInPlace, worthwhile } from '../../imagery/aligned.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import { allocate, arenaMemory, release } from '../../imagery/kernels/arena.ts';
import type { Raster, RasterSource } from '../../imagery/raster.ts';
import { type PixelShift, wholePixelOffset } from '../../imagery/resampling/resample.ts';

/** One date of a pair: a file and the bands that take part. */
export interface Side {
  source: RasterSource;
  bands: readonly number[];
}

/**
 * Windows of a pair, read into the arena one after another. Files of 16-bit samples on the grid itself are decoded
 * into place; whatever must be shifted, resampled or converted goes through float32.
 */
export class PairBuffer {
  readonly sample: 'uint16' | 'float32';
  /** True where the last window was wholly observed by both dates. */
  isWhole = false;
  readonly #grid: Grid;
  readonly #sides: readonly [Side, Side];
  readonly #shift: PixelShift | undefined;
  readonly #pixels: number;
  readonly #block: number;
  readonly #fileBands: number;

  /** @param pixels most pixels of a window */
  constructor(grid: Grid, before: Side, after: Side, shift: PixelShift | null, pixels: number) {
    this.#grid = grid;
    this.#sides = [before, after];
    this.#shift = worthwhile(shift);
    this.#pixels = pixels;
    const inPlace = this.#sides.every(({ source: { info }, bands }) => {
      const usual = info.sampleType === 'uint16' && isInOrder(bands, info.bandCount);
      return usual && wholePixelOffset(info.grid, grid) !== null;
    });
    this.sample = inPlace && this.#shift === undefined ? 'uint16' : 'float32';
    this.#fileBands = before.bands.length;
    this.#block = allocate(2 * pixels * (this.#fileBands * this.#sampleBytes + 1));
  }

  release(): void {
    release(this.#block);
  }

  /** Reads a window of the grid; what was there before is overwritten. */
  async read(window: Window): Promise<PairPlanes> {
    const { width, height } = window;
    const count = width * height;
    if (count > this.#pixels) throw new RangeError(`A window of ${count} pixels in a buffer of ${this.#pixels}.`);
    const bands = this.#fileBands;
    const planeBytes = count * this.#sampleBytes;
    const sideBytes = this.#pixels * bands * this.#sampleBytes;
    const masks = this.#block + 2 * sideBytes;
    this.isWhole = true;
    for (const [i, side] of this.#sides.entries()) {
      const mask = masks + i * this.#pixels;
      await this.#readSide(
        side,
        this.#views(window, this.#block + i * sideBytes, mask),
        i === 1 ? this.#shift : undefined,
      );
      if (this.isWhole && !kernels.noneIsZero(mask, count)) this.isWhole = false;
    }
    const [maskBefore, maskAfter] = [masks, masks + this.#pixels];
    const [before, after] = [this.#block, this.#block + sideBytes];
    return {
      sample: this.sample,
      bands,
      before,
      after,
      planeBytes,
      stride: width,
      width,
      height,
      maskBefore,
      maskAfter,
    };
  }

  async #readSide(side: Side, target: Raster, shift: PixelShift | undefined): Promise<void> {
    if (this.sample === 'uint16') return readInPlace(side.source, target.grid, target);
    const raster = await readAligned(side.source, target.grid, side.bands, shift);
    for (const [k, band] of raster.bands.entries()) target.bands[k].set(band);
    target.mask.set(raster.mask);
  }

  #views(window: Window, planes: number, mask: number): Raster {
    const Type = this.sample === 'uint16' ? Uint16Array : Float32Array;
    const { buffer } = arenaMemory;
    const count = window.width * window.height;
    return {
      grid: windowGrid(this.#grid, window),
      bands: Array.from(
        { length: this.#fileBands },
        (_, k) => new Type(buffer, planes + k * count * Type.BYTES_PER_ELEMENT, count),
      ),
      mask: new Uint8Array(buffer, mask, count),
    };
  }

  get #sampleBytes(): number {
    return this.sample === 'uint16' ? 2 : 4;
  }
}

/** All of the file's bands, as they come. */
function isInOrder(bands: readonly number[], bandCount: number): boolean {
  return bands.length === bandCount && bands.every((band, i) => band === i);
}
