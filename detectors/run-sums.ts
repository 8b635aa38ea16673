import type { Region } from './region.ts';
import { RunPieces } from './run-pieces.ts';
import { labelRuns, type PixelRuns } from './runs.ts';

/**
 * Changed runs in whatever order they are found, each with the sums over its pixels that make a Region. A run may be
 * cut anywhere: pieces that touch are one again in regions().
 */
export class RunSums {
  readonly #bands: number;
  readonly #pieces = new RunPieces();
  /** Per run: score, peak, then a sum per band before and after. */
  #sums: Float64Array;

  constructor(bands: number) {
    this.#bands = bands;
    this.#sums = new Float64Array((2 + 2 * bands) * 1024);
  }

  /** The sums of all runs; a new array whenever add() needs more room. */
  get sums(): Float64Array {
    return this.#sums;
  }

  /** Adds a run; its sums (score, peak, before…, after…) are to be filled in at the returned index of `sums`. */
  add(row: number, start: number, end: number): number {
    const index = this.#pieces.count;
    const at = index * (2 + 2 * this.#bands);
    if (at === this.#sums.length) {
      const larger = new Float64Array(2 * this.#sums.length);
      larger.set(this.#sums);
      this.#sums = larger;
    }
    this.#pieces.add(row, start, end, index);
    return at;
  }

  /**
   * The 8-connected regions in reading order, without those under `minPixels` that touch neither `openTop` nor
   * `openBottom`, rows beyond which a neighbour may complete them (−1: none), nor those whose peak is under `leastPeak`.
   */
  regions(minPixels: number, openTop: number, openBottom: number, leastPeak = 0): Region[] {
    const { runs, memberOf, order } = this.#pieces.joined();
    const { labels, count } = labelRuns(runs, 8);
    const byLabel = grouped(labels, count);
    const members = grouped(memberOf, runs.row.length);
    const regions: Region[] = [];
    for (let label = 0; label < count; label++) {
      const own = byLabel.of(label);
      let pixels = 0;
      for (const run of own) pixels += runs.end[run] - runs.start[run];
      const firstRow = runs.row[own[0]];
      const lastRow = runs.row[own[own.length - 1]];
      const isOpen = (openTop >= 0 && firstRow <= openTop) || (openBottom >= 0 && lastRow >= openBottom);
      if (pixels < minPixels && !isOpen) continue;
      const region = this.#region(pixels, own, runs, members, order);
      if (isOpen || region.peak >= leastPeak) regions.push(region);
    }
    return regions;
  }

  #region(pixels: number, own: Int32Array, runs: PixelRuns, members: Groups, order: Int32Array): Region {
    const bands = this.#bands;
    const width = 2 + 2 * bands;
    const totals = new Float64Array(width);
    for (const run of own) {
      for (const i of members.of(run)) {
        const at = order[i] * width;
        totals[0] += this.#sums[at];
        totals[1] = Math.max(totals[1], this.#sums[at + 1]);
        for (let k = 2; k < width; k++) totals[k] += this.#sums[at + k];
      }
    }
    return {
      runs: {
        row: own.map((i) => runs.row[i]),
        start: own.map((i) => runs.start[i]),
        end: own.map((i) => runs.end[i]),
      },
      pixels,
      score: totals[0],
      peak: totals[1],
      before: [...totals.subarray(2, 2 + bands)],
      after: [...totals.subarray(2 + bands)],
      pairs: {},
    };
  }
}

/** Indices by the group they are in, each group's ascending. */
interface Groups {
  of(group: number): Int32Array;
}

function grouped(groupOf: Int32Array, groups: number): Groups {
  const first = new Int32Array(groups + 1);
  for (const group of groupOf) first[group + 1]++;
  for (let group = 0; group < groups; group++) first[group + 1] += first[group];
  const next = first.slice();
  const members = new Int32Array(groupOf.length);
  for (let i = 0; i < groupOf.length; i++) members[next[groupOf[i]]++] = i;
  return { of: (group) => members.subarray(first[group], first[group + 1]) };
}
