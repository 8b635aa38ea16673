import type { PairWindow } from '../../detectors/features.ts';
import { type Region, regionsOf } from '../../detectors/region.ts';
import { type Block, type PixelRuns, pixelCount, runsWhere } from '../../detectors/runs.ts';
import type { Window } from '../../imagery/grid.ts';

/** A parcel's sample point, as a pixel of the grid. */
export interface LookPoint {
  id: string;
  column: number;
  row: number;
}

/** What one look at a parcel's sample point showed: mean of 5 × 5 pixels, in the before radiometry. */
export interface Look {
  id: string;
  spectrum: number[];
}

const notJudged = -1;

/** What is known so far of the cell's pixels, margin included. */
export class CellState {
  readonly #outer: Window;
  readonly #block: Block;
  readonly #score: Float32Array;
  readonly #excess: Float32Array;
  readonly #pair: Int16Array;
  readonly #shown: Uint8Array;
  readonly #before: Float32Array[];
  readonly #after: Float32Array[];
  readonly #keys: string[] = [];

  constructor(outer: Window, block: Block, bands: number) {
    const pixels = outer.width * outer.height;
    this.#outer = outer;
    this.#block = block;
    this.#score = new Float32Array(pixels).fill(Number.NaN);
    this.#excess = new Float32Array(pixels);
    this.#pair = new Int16Array(pixels).fill(notJudged);
    this.#shown = new Uint8Array(pixels);
    this.#before = Array.from({ length: bands }, () => new Float32Array(pixels));
    this.#after = Array.from({ length: bands }, () => new Float32Array(pixels));
  }

  /** True while some pixel of the cell is not judged. */
  open(): boolean {
    return this.#inner((i) => this.#pair[i] === notJudged).row.length > 0;
  }

  /** How many of the cell's pixels are clear in `mask` and not judged. */
  unjudged(mask: Uint8Array): number {
    return pixelCount(this.#inner((i) => mask[i] === 1 && this.#pair[i] === notJudged));
  }

  /** Notes where both images have pixels, whatever hides the ground there. */
  seen(before: Uint8Array, after: Uint8Array): void {
    for (let i = 0; i < before.length; i++) if (before[i] && after[i]) this.#shown[i] = 1;
  }

  /** Takes the pair's word for every pixel that is observed and not judged yet. */
  take(key: string, threshold: number, pair: PairWindow, score: Float32Array): void {
    const index = this.#keys.push(key) - 1;
    for (let i = 0; i < score.length; i++) {
      if (this.#pair[i] !== notJudged || !pair.mask[i]) continue;
      this.#pair[i] = index;
      this.#score[i] = score[i];
      this.#excess[i] = score[i] / threshold;
      for (let band = 0; band < this.#before.length; band++) {
        this.#before[band][i] = pair.before[band][i];
        this.#after[band][i] = pair.after[band][i];
      }
    }
  }

  regions(minPixels: number): Region[] {
    return regionsOf(
      {
        block: this.#block,
        score: this.#excess,
        changed: (i) => this.#pair[i] !== notJudged && this.#excess[i] > 1,
        before: (band, i) => this.#before[band][i],
        after: (band, i) => this.#after[band][i],
        bands: this.#before.length,
        pair: (i) => this.#keys[this.#pair[i]],
      },
      minPixels,
    );
  }

  runsOf(cause: 'cloud' | 'no-image'): PixelRuns {
    const shown = cause === 'cloud' ? 1 : 0;
    return this.#inner((i) => this.#pair[i] === notJudged && this.#shown[i] === shown);
  }

  /** The look at one point, or nothing where its pixel was not observed. */
  look(point: LookPoint): Look[] {
    const { stride } = this.#block;
    const centre = (point.row - this.#outer.row) * stride + point.column - this.#outer.column;
    if (this.#pair[centre] === notJudged) return [];
    const near: number[] = [];
    for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) near.push(centre + dy * stride + dx);
    const observed = near.filter((i) => i >= 0 && i < this.#pair.length && this.#pair[i] === this.#pair[centre]);
    const spectrum = this.#after.map((band) => observed.reduce((sum, i) => sum + band[i], 0) / observed.length);
    return [{ id: point.id, spectrum }];
  }

  innerScore(): Float32Array {
    const { width, height, stride, left, top } = this.#block;
    const inner = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      const from = (top + y) * stride + left;
      inner.set(this.#score.subarray(from, from + width), y * width);
    }
    return inner;
  }

  #inner(test: (index: number) => boolean): PixelRuns {
    return runsWhere(this.#block, test);
  }
}
