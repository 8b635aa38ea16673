import { atBorder, spread } from './around.ts';
import type { Cells } from './cells.ts';

/** A 4-connected group of cells: order[first] to order[end − 1] of its Blobs. */
export interface Blob {
  first: number;
  end: number;
  /** True when it touches the border: some of it may lie outside. */
  atBorder: boolean;
}

/** All groups of a set, in row-major order of their first cell. Blob i has label i + 1. */
export interface Blobs {
  list: Blob[];
  /** Cell indices, blob after blob. */
  order: Int32Array;
  /** Per cell the label of its blob, 0 outside. */
  labels: Int32Array;
}

/** Groups the `count` set cells. */
export function blobsOf(set: Uint8Array, count: number, cells: Cells): Blobs {
  const { columns, rows } = cells;
  const last = columns * (rows - 1);
  const labels = new Int32Array(set.length);
  const order = new Int32Array(count);
  const list: Blob[] = [];
  let tail = 0;
  for (let start = set.indexOf(1); tail < count; start = set.indexOf(1, start + 1)) {
    if (labels[start] !== 0) continue;
    const first = tail;
    const label = list.length + 1;
    labels[start] = label;
    order[tail++] = start;
    let border = false;
    const join = (k: number) => {
      if (set[k] === 0 || labels[k] !== 0) return;
      labels[k] = label;
      order[tail++] = k;
    };
    for (let i = first; i < tail; i++) {
      const k = order[i];
      const column = k % columns;
      border ||= atBorder(k, cells);
      if (column > 0) join(k - 1);
      if (column < columns - 1) join(k + 1);
      if (k >= columns) join(k - columns);
      if (k < last) join(k + columns);
    }
    list.push({ first, end: tail, atBorder: border });
  }
  return { list, order, labels };
}

/** Per cell the label of the blob within `edgeCells` of whose outline, inside or outside, it lies; 0 elsewhere. */
export function edgeZones({ order, labels }: Blobs, cells: Cells, edgeCells: number): Int32Array {
  const { columns } = cells;
  const last = columns * (cells.rows - 1);
  const zones = new Int32Array(labels.length);
  const outline: number[] = [];
  for (const k of order) {
    const label = labels[k];
    const column = k % columns;
    const outer =
      (column > 0 && labels[k - 1] !== label) ||
      (column < columns - 1 && labels[k + 1] !== label) ||
      (k >= columns && labels[k - columns] !== label) ||
      (k < last && labels[k + columns] !== label);
    if (!outer) continue;
    zones[k] = label;
    outline.push(k);
  }
  spread(outline, cells, edgeCells, (to, from) => {
    const label = zones[from];
    if (zones[to] !== 0 || (labels[to] !== 0 && labels[to] !== label)) return false;
    zones[to] = label;
    return true;
  });
  return zones;
}

/**
 * Per blob how steep the field is along its edge: change over two cells, weighted towards the steepest. A roof or a
 * field rises from nothing to its level within two cells; cloud and shadow fade in over many.
 */
export function edgeSteepness(zones: Int32Array, field: Float32Array, cells: Cells, blobs: number): Float64Array {
  const { columns, observed } = cells;
  const sums = new Float64Array(blobs);
  const squares = new Float64Array(blobs);
  for (let k = columns; k < zones.length - columns; k++) {
    if (zones[k] === 0 || atBorder(k, cells)) continue;
    if ((observed[k - 1] & observed[k + 1] & observed[k - columns] & observed[k + columns]) === 0) continue;
    const across = field[k + 1] - field[k - 1];
    const down = field[k + columns] - field[k - columns];
    const square = across * across + down * down;
    sums[zones[k] - 1] += Math.sqrt(square);
    squares[zones[k] - 1] += square;
  }
  return squares.map((sum, i) => (sums[i] > 0 ? sum / sums[i] : 0));
}

/** Mean of `values` over the half of the blob's cells where `field` is above its mean: what its middle is like. */
export function upperLevel({ first, end }: Blob, order: Int32Array, field: Float32Array, values: Float32Array): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum += field[order[i]];
  const mean = sum / (end - first);
  let upper = 0;
  let count = 0;
  for (let i = first; i < end; i++) {
    if (field[order[i]] < mean - 1e-6) continue;
    upper += values[order[i]];
    count++;
  }
  return upper / Math.max(1, count);
}
