import type { Region } from './region.ts';
import { labelRuns, type PixelRuns } from './runs.ts';

/**
 * Changed runs in whatever order they are found, each with the sums over its pixels that make a Region. A run may be
 * cut anywhere: pieces that touch are one again in regions().
 */
export class RunSums {
  readonly #bands: number;
  /** Per run: row, start, end. */
  #places = new Int32Array(3 * 1024);
  /** Per run: score, peak, then a sum per band before and after. */
  #sums: Float64Array;
  #count = 0;

  constructor(bands: number) {
    this.#bands = bands;
    this.#sums = new Float64Array((2 + 2 * bands) * 1024);
  }

  get count(): number {
    return this.#count;
  }

  /** The sums of all runs; a new array whenever add() needs more room. */
  get sums(): Float64Array {
    return this.#sums;
  }

  /** Adds a run; its sums (score, peak, before…, after…) are to be filled in at the returned index of `sums`. */
  add(row: number, start: number, end: number): number {
    const at = 3 * this.#count;
    if (at === this.#places.length) {
      this.#places = grown(this.#places);
      this.#sums = grown(this.#sums);
    }
    this.#places[at] = row;
    this.#places[at + 1] = start;
    this.#places[at + 2] = end;
    return this.#count++ * (2 + 2 * this.#bands);
  }

  /**
   * The 8-connected regions in reading order, without those under `minPixels` that touch neither `openTop` nor
   * `openBottom`, rows beyond which a neighbour may complete them (−1: none).
   */
  regions(minPixels: number, openTop: number, openBottom: number): Region[] {
    const order = this.#inReadingOrder();
    const { runs, memberOf } = joined(order, this.#places);
    const { labels, count } = labelRuns(runs, 8);
    const byLabel = grouped(labels, count);
    const members = grouped(memberOf, runs.row.length);
    const regions: Region[] = [];
    for (let label = 0; label < count; label++) {
      const own = byLabel.of(label);
      const pixels = own.reduce((sum, run) => sum + runs.end[run] - runs.start[run], 0);
      const firstRow = runs.row[own[0]];
      const lastRow = runs.row[own[own.length - 1]];
      const isOpen = (openTop >= 0 && firstRow <= openTop) || (openBottom >= 0 && lastRow >= openBottom);
      if (pixels < minPixels && !isOpen) continue;
      regions.push(this.#region(pixels, own, runs, (run) => members.of(run).map((i) => order[i])));
    }
    return regions;
  }

  #region(pixels: number, own: Int32Array, runs: PixelRuns, pieces: (run: number) => Int32Array): Region {
    const bands = this.#bands;
    const width = 2 + 2 * bands;
    const totals = new Float64Array(width);
    for (const run of own) {
      for (const piece of pieces(run)) {
        const at = piece * width;
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

  #inReadingOrder(): Int32Array {
    const places = this.#places;
    // One number per run, exact below 2^53: sorting numbers is many times faster than sorting by a comparison.
    const widest = 2 ** 24;
    const keys = new Float64Array(this.#count);
    for (let i = 0; i < keys.length; i++) keys[i] = places[3 * i] * widest + places[3 * i + 1];
    const order = Int32Array.from({ length: this.#count }, (_, i) => i);
    return order.sort((a, b) => keys[a] - keys[b]);
  }
}

/** Runs that touch in a row become one; memberOf tells which one each piece, in order, went into. */
function joined(order: Int32Array, places: Int32Array): { runs: PixelRuns; memberOf: Int32Array } {
  const memberOf = new Int32Array(order.length);
  const runs = {
    row: new Int32Array(order.length),
    start: new Int32Array(order.length),
    end: new Int32Array(order.length),
  };
  let last = -1;
  for (let i = 0; i < order.length; i++) {
    const at = 3 * order[i];
    const [row, start, end] = [places[at], places[at + 1], places[at + 2]];
    if (last >= 0 && runs.row[last] === row && runs.end[last] === start) runs.end[last] = end;
    else {
      last++;
      runs.row[last] = row;
      runs.start[last] = start;
      runs.end[last] = end;
    }
    memberOf[i] = last;
  }
  const cut = (values: Int32Array) => values.subarray(0, last + 1);
  return { runs: { row: cut(runs.row), start: cut(runs.start), end: cut(runs.end) }, memberOf };
}

/** Indices by the group they are in, each group's ascending. */
function grouped(groupOf: Int32Array, groups: number): { of(group: number): Int32Array } {
  const first = new Int32Array(groups + 1);
  for (const group of groupOf) first[group + 1]++;
  for (let group = 0; group < groups; group++) first[group + 1] += first[group];
  const next = first.slice();
  const members = new Int32Array(groupOf.length);
  for (let i = 0; i < groupOf.length; i++) members[next[groupOf[i]]++] = i;
  return { of: (group) => members.subarray(first[group], first[group + 1]) };
}

function grown<A extends Int32Array | Float64Array>(array: A): A {
  const larger = new (array.constructor as new (length: number) => A)(2 * array.length);
  larger.set(array);
  return larger;
}
