/**
 * A set of pixels as horizontal runs: run i covers columns [start[i], end[i]) of row[i].
 * Sorted by row, then start; runs of one row neither touch nor overlap.
 */
export interface PixelRuns {
  row: Int32Array;
  start: Int32Array;
  end: Int32Array;
}

export function pixelCount(runs: PixelRuns): number {
  let count = 0;
  for (let i = 0; i < runs.row.length; i++) count += runs.end[i] - runs.start[i];
  return count;
}
