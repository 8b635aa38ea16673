import type { PairWindow } from '../../detectors/features.ts';
import { type Region, regionsOf } from '../../detectors/region.ts';
import { type Block, type PixelRuns, pixelCount, runsWhere } from '../../detectors/runs.ts';
import { open3x3 } from '../../detectors/smoothing.ts';
import type { Window } from '../../imagery/grid.ts';

/** A parcel's sample point, as a pixel of the grid. */
export interface LookPoint {
  id: string;
  column: number;
  row: number;
}

const notJudged = -1;

/** What a pair says of the pixels of a window. */
export interface Verdict {
  score: Float32Array;
  /** Above 1 = changed. */
  excess: Float32Array;
  /** 1 where the change is the season's; null where nobody asked. */
  seasonal: Uint8Array | null;
  /** 1 where the ground turned out to be hidden by shadow; null where nobody asked. */
  shaded: Uint8Array | null;
}

/** Pixels of a cell that one pair of scenes judged. */
export interface JudgedOn {
  /** Key of the pair. */
  pair: string;
  /** null: all that neither another pair judged nor anything hid, which spares the most common pair its runs. */
  runs: PixelRuns | null;
}

/** What is known so far of the cell's pixels, margin included. */
export class CellState {
  readonly #outer: Window;
  readonly #block: Block;
  readonly #score: Float32Array;
  readonly #excess: Float32Array;
  readonly #pair: Int16Array;
  readonly #shown: Uint8Array;
  readonly #seasonal: Uint8Array;
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
    this.#seasonal = new Uint8Array(pixels);
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
  take(key: string, pair: PairWindow, verdict: Verdict): void {
    const index = this.#keys.push(key) - 1;
    const { score, excess, seasonal } = verdict;
    for (let i = 0; i < score.length; i++) {
      if (this.#pair[i] !== notJudged || !pair.mask[i]) continue;
      this.#pair[i] = index;
      this.#score[i] = score[i];
      this.#excess[i] = excess[i];
      if (seasonal?.[i]) this.#seasonal[i] = 1;
      for (let band = 0; band < this.#before.length; band++) {
        this.#before[band][i] = pair.before[band][i];
        this.#after[band][i] = pair.after[band][i];
      }
    }
  }

  /** Pixels of the cell that changed as crops do this month. */
  seasonalPixels(): number {
    return pixelCount(this.#inner((i) => this.#seasonal[i] === 1));
  }

  /** `opened`: structures under three pixels wide (seams between fields, edges of roofs) are no change. */
  regions(minPixels: number, opened: boolean): Region[] {
    const changed = this.#excess.map((excess, i) => (this.#pair[i] !== notJudged && excess > 1 ? 1 : 0));
    const kept = opened ? open3x3(changed, this.#outer.width) : changed;
    return regionsOf(
      {
        block: this.#block,
        score: this.#excess,
        changed: (i) => kept[i] === 1,
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

  /** Which pair judged which pixels, most pixels first. */
  judgedOn(): JudgedOn[] {
    const all = this.#keys.map((pair, index) => ({ pair, runs: this.#inner((i) => this.#pair[i] === index) }));
    const judged = all.filter(({ runs }) => runs.row.length > 0);
    judged.sort((a, b) => pixelCount(b.runs) - pixelCount(a.runs));
    return judged.map(({ pair, runs }, i) => ({ pair, runs: i === 0 ? null : runs }));
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
