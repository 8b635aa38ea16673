import type { PixelRuns } from '../../../detectors/runs.ts';

/** A closed ring in pixel coordinates (pixel (c, r) is the square c..c+1, r..r+1): x0, y0, x1, y1, … */
export type PixelRing = Float64Array;

/** Pixel runs laid out for coverage: row firstRow + j holds runs rowStart[j] .. rowStart[j + 1]. */
export interface WeightedRuns {
  firstRow: number;
  rowStart: Int32Array;
  start: Float64Array;
  end: Float64Array;
  /** What one pixel of the run counts, e.g. its area in m². */
  weight: Float64Array;
  /** Sum of length × weight of the rows before row firstRow + j; the last is the total. */
  above: Float64Array;
  /** The columns that all runs lie in. */
  firstColumn: number;
  endColumn: number;
  /** Sum of length × weight. */
  total: number;
}

/** A long run is cut into pieces of at most maxLength pixels so that each can carry the weight of its own middle. */
export function weightedRuns(
  runs: PixelRuns,
  weightAt: (column: number, row: number) => number,
  maxLength = Number.POSITIVE_INFINITY,
): WeightedRuns {
  const firstRow = runs.row.length > 0 ? runs.row[0] : 0;
  const rows = runs.row.length > 0 ? runs.row[runs.row.length - 1] - firstRow + 1 : 0;
  const rowStart = new Int32Array(rows + 1);
  const above = new Float64Array(rows + 1);
  const start: number[] = [];
  const end: number[] = [];
  const weight: number[] = [];
  let total = 0;
  for (let i = 0; i < runs.row.length; i++) {
    const length = runs.end[i] - runs.start[i];
    const pieces = Math.max(1, Math.ceil(length / maxLength));
    for (let k = 0; k < pieces; k++) {
      const from = runs.start[i] + Math.round((k * length) / pieces);
      const to = runs.start[i] + Math.round(((k + 1) * length) / pieces);
      const each = weightAt((from + to - 1) / 2, runs.row[i]);
      start.push(from);
      end.push(to);
      weight.push(each);
      total += each * (to - from);
    }
    rowStart[runs.row[i] - firstRow + 1] = start.length;
    above[runs.row[i] - firstRow + 1] = total;
  }
  for (let j = 1; j <= rows; j++) {
    if (rowStart[j] !== 0) continue;
    rowStart[j] = rowStart[j - 1];
    above[j] = above[j - 1];
  }
  return {
    firstRow,
    rowStart,
    start: Float64Array.from(start),
    end: Float64Array.from(end),
    weight: Float64Array.from(weight),
    above,
    firstColumn: start.reduce((a, b) => Math.min(a, b), Infinity),
    endColumn: end.reduce((a, b) => Math.max(a, b), -Infinity),
    total,
  };
}

/**
 * Weighted area of the runs inside one polygon: its shell's less its holes'. Exact for straight edges, cannot
 * fail on touching or coincident ones, and needs no clipped shape. Rings must not cross themselves.
 */
export function polygonCoverage(runs: WeightedRuns, [shell, ...holes]: readonly PixelRing[]): number {
  let sum = shell ? ringCoverage(runs, shell) : 0;
  for (const hole of holes) sum -= ringCoverage(runs, hole);
  return Math.max(0, sum);
}

/** Weighted area of the runs inside one ring, whichever way it turns. */
export function ringCoverage(runs: WeightedRuns, ring: PixelRing): number {
  return Math.abs(turnedCoverage(runs, ring, ring.length));
}

/**
 * Green's theorem. The area of ring ∩ run is the integral round the ring of clamp(x, start, end) dy within the
 * run's row: an edge left of the run adds nothing, one right of it the run's whole length, one through it the
 * part it cuts off. Positive for a ring that runs down on its right; of `ring` the first `length` numbers count.
 *
 *      start      end
 *        ├─────────┤          edge crossing the row going down: the hatched part
 *        │/////\   │
 *        │//////\  │
 *        ├───────\─┤
 */
export function turnedCoverage(runs: WeightedRuns, ring: PixelRing, length: number): number {
  const rows = runs.rowStart.length - 1;
  let sum = 0;
  for (let e = 0; e + 3 < length; e += 2) {
    const ay = ring[e + 1] - runs.firstRow;
    const by = ring[e + 3] - runs.firstRow;
    if (ay === by || (ay <= 0 && by <= 0) || (ay >= rows && by >= rows)) continue;
    const ax = ring[e];
    const bx = ring[e + 2];
    if (ax <= runs.firstColumn && bx <= runs.firstColumn) continue;
    if (ax >= runs.endColumn && bx >= runs.endColumn) sum += aboveAt(runs, by) - aboveAt(runs, ay);
    else sum += ay < by ? edgeCoverage(runs, ax, ay, bx, by) : -edgeCoverage(runs, bx, by, ax, ay);
  }
  return sum;
}

/** Weighted area of the runs above a level, in rows counted from the first. */
function aboveAt({ above }: WeightedRuns, y: number): number {
  if (y <= 0) return 0;
  if (y >= above.length - 1) return above[above.length - 1];
  const row = Math.floor(y);
  return above[row] + (y - row) * (above[row + 1] - above[row]);
}

/** What lies left of one edge going down from (ax, ay) to (bx, by), rows counted from the first. */
function edgeCoverage(runs: WeightedRuns, ax: number, ay: number, bx: number, by: number): number {
  const { rowStart, start, end, weight } = runs;
  const last = Math.min(by, rowStart.length - 1);
  const height = by - ay;
  let sum = 0;
  let y = Math.max(0, ay);
  // Fractions of the edge, not a slope: the slope of a nearly level edge overflows.
  let xa = ax + ((y - ay) / height) * (bx - ax);
  for (let row = Math.floor(y); y < last; row++) {
    const next = Math.min(row + 1, last);
    const xb = ax + ((next - ay) / height) * (bx - ax);
    let left = 0;
    for (let i = rowStart[row]; i < rowStart[row + 1]; i++) {
      const from = start[i];
      const to = end[i];
      if (xa <= from && xb <= from) break;
      left += weight[i] * (xa >= to && xb >= to ? to - from : meanBelow(xa - from, xb - from, to - from));
    }
    sum += left * (next - y);
    xa = xb;
    y = next;
  }
  return sum;
}

/** Mean of clamp(x, 0, length) while x goes evenly from a to b. */
function meanBelow(a: number, b: number, length: number): number {
  return meanOfMinimum(a, b, length) - meanOfMinimum(a, b, 0);
}

function meanOfMinimum(a: number, b: number, limit: number): number {
  if (a <= limit && b <= limit) return (a + b) / 2;
  if (a >= limit && b >= limit) return limit;
  const below = a < limit ? (limit - a) / (b - a) : (limit - b) / (a - b);
  return (below * (Math.min(a, b) + limit)) / 2 + (1 - below) * limit;
}
