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
  }
  for (let j = 1; j <= rows; j++) if (rowStart[j] === 0) rowStart[j] = rowStart[j - 1];
  return {
    firstRow,
    rowStart,
    start: Float64Array.from(start),
    end: Float64Array.from(end),
    weight: Float64Array.from(weight),
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

/**
 * Green's theorem. The area of ring ∩ run is the integral round the ring of clamp(x, start, end) dy within the
 * run's row: an edge left of the run adds nothing, one right of it the run's whole length, one through it the
 * part it cuts off.
 *
 *      start      end
 *        ├─────────┤          edge crossing the row going down: the hatched part
 *        │/////\   │
 *        │//////\  │
 *        ├───────\─┤
 */
export function ringCoverage(runs: WeightedRuns, ring: PixelRing): number {
  const rows = runs.rowStart.length - 1;
  let sum = 0;
  for (let e = 0; e + 3 < ring.length; e += 2) {
    const ay = ring[e + 1] - runs.firstRow;
    const by = ring[e + 3] - runs.firstRow;
    if (ay === by || (ay <= 0 && by <= 0) || (ay >= rows && by >= rows)) continue;
    sum +=
      ay < by ? edgeCoverage(runs, ring[e], ay, ring[e + 2], by) : -edgeCoverage(runs, ring[e + 2], by, ring[e], ay);
  }
  return Math.abs(sum);
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
    for (let i = rowStart[row]; i < rowStart[row + 1]; i++) {
      const inside = meanBelow(xa - start[i], xb - start[i], end[i] - start[i]);
      sum += inside * (next - y) * weight[i];
    }
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
