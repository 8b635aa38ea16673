import type { PixelRuns } from './runs.ts';

/** Runs in any order, cut anywhere, each with a number of whose it is; joined() makes whole runs of them. */
export class RunPieces {
  /** Whose each piece is, in the order in which they were added. */
  owner: Int32Array;
  #row: Int32Array;
  #start: Int32Array;
  #end: Int32Array;
  #count = 0;

  constructor(room = 1024) {
    const made = () => new Int32Array(Math.max(1, room));
    this.owner = made();
    this.#row = made();
    this.#start = made();
    this.#end = made();
  }

  get count(): number {
    return this.#count;
  }

  add(row: number, start: number, end: number, owner: number): void {
    const i = this.#count++;
    if (i === this.#row.length) {
      this.owner = doubled(this.owner);
      this.#row = doubled(this.#row);
      this.#start = doubled(this.#start);
      this.#end = doubled(this.#end);
    }
    this.owner[i] = owner;
    this.#row[i] = row;
    this.#start[i] = start;
    this.#end[i] = end;
  }

  /**
   * Runs in reading order, those that touch in a row made one. `order` lists the pieces in reading order, and
   * memberOf[i] the run that piece order[i] went into.
   */
  joined(): { runs: PixelRuns; memberOf: Int32Array; order: Int32Array } {
    const order = this.#inReadingOrder();
    const n = order.length;
    const memberOf = new Int32Array(n);
    const runs = { row: new Int32Array(n), start: new Int32Array(n), end: new Int32Array(n) };
    let last = -1;
    for (let i = 0; i < n; i++) {
      const piece = order[i];
      const row = this.#row[piece];
      const start = this.#start[piece];
      if (last >= 0 && runs.row[last] === row && runs.end[last] === start) runs.end[last] = this.#end[piece];
      else {
        last++;
        runs.row[last] = row;
        runs.start[last] = start;
        runs.end[last] = this.#end[piece];
      }
      memberOf[i] = last;
    }
    const cut = (values: Int32Array) => values.subarray(0, last + 1);
    return { runs: { row: cut(runs.row), start: cut(runs.start), end: cut(runs.end) }, memberOf, order };
  }

  /** Sorted row by row: pieces are dealt to their rows first, so that only those of one row are compared. */
  #inReadingOrder(): Int32Array {
    const n = this.#count;
    let first = Infinity;
    let last = -Infinity;
    for (let i = 0; i < n; i++) {
      first = Math.min(first, this.#row[i]);
      last = Math.max(last, this.#row[i]);
    }
    const rows = n === 0 ? 0 : last - first + 1;
    const begin = new Int32Array(rows + 1);
    for (let i = 0; i < n; i++) begin[this.#row[i] - first + 1]++;
    for (let r = 0; r < rows; r++) begin[r + 1] += begin[r];
    const next = begin.slice();
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[next[this.#row[i] - first]++] = i;
    const start = this.#start;
    for (let r = 0; r < rows; r++) insertionSort(order, begin[r], begin[r + 1], start);
    return order;
  }
}

/** Sorts part of `order` by its members' keys; near to linear where they come nearly sorted, as runs do. */
function insertionSort(order: Int32Array, from: number, to: number, keys: Int32Array): void {
  if (to - from > 64) {
    order.subarray(from, to).sort((a, b) => keys[a] - keys[b]);
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const moved = order[i];
    let k = i - 1;
    for (; k >= from && keys[order[k]] > keys[moved]; k--) order[k + 1] = order[k];
    order[k + 1] = moved;
  }
}

function doubled(values: Int32Array): Int32Array {
  const larger = new Int32Array(2 * values.length);
  larger.set(values);
  return larger;
}
