import type { Cells } from './cells.ts';

/** How alike the fine structures of two dates are. */
export interface Likeness {
  correlation: number;
  /** Contrast on this date over contrast on the other. */
  slope: number;
  /** On how many cells this rests. */
  count: number;
}

/** Fine = what a cell differs by from the mean of the square this many cells round it. */
const radius = 4;
const mostSamples = 1500;

/**
 * Compares the fine structure of green + red with another date's at about 1,500 of `count` cells, `at(i)` being the
 * i-th. Ground in shadow or under a thin veil keeps its structure, weaker (slope under 1); ground that was built on
 * or flooded does not keep it.
 */
export function structureKept(
  cells: Cells,
  other: readonly Float32Array[],
  count: number,
  at: (i: number) => number,
): Likeness {
  const { columns, rows } = cells;
  const stride = Math.max(1, Math.floor(count / mostSamples));
  let own = 0;
  let others = 0;
  let cross = 0;
  let used = 0;
  for (let i = 0; i < count; i += stride) {
    const k = at(i);
    const column = k % columns;
    if (column < radius || column >= columns - radius) continue;
    if (k < radius * columns || k >= (rows - radius) * columns || cells.observed[k] === 0) continue;
    const a = fineAt(cells.bands[1], cells.bands[2], k, columns);
    const b = fineAt(other[1], other[2], k, columns);
    own += a * a;
    others += b * b;
    cross += a * b;
    used++;
  }
  if (own === 0 || others === 0) return { correlation: 0, slope: 0, count: used };
  return { correlation: cross / Math.sqrt(own * others), slope: cross / others, count: used };
}

function fineAt(green: Float32Array, red: Float32Array, k: number, columns: number): number {
  let sum = 0;
  for (let line = k - radius * columns; line <= k + radius * columns; line += columns) {
    for (let j = line - radius; j <= line + radius; j++) sum += green[j] + red[j];
  }
  return green[k] + red[k] - sum / (2 * radius + 1) ** 2;
}
