import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunSums } from '../../detectors/run-sums.ts';
import { labelRuns, pixelCount, splitByLabel } from '../../detectors/runs.ts';
import { anyBitmap, runsOfBitmap } from '../support/bitmaps.ts';

/** Every run of a bitmap in pieces, in an order of its own, with its length as score and its row as band sum. */
function collected(bitmap: Parameters<typeof runsOfBitmap>[0], shuffle: number): RunSums {
  const runs = runsOfBitmap(bitmap);
  const pieces: [number, number, number][] = [];
  runs.row.forEach((row, i) => {
    const middle = runs.start[i] + ((shuffle + i) % (runs.end[i] - runs.start[i] + 1));
    for (const [start, end] of [
      [runs.start[i], middle],
      [middle, runs.end[i]],
    ]) {
      if (end > start) pieces.push([row, start, end]);
    }
  });
  pieces.sort((a, b) => ((a[0] * 31 + a[1] * 17 + shuffle) % 101) - ((b[0] * 31 + b[1] * 17 + shuffle) % 101));
  const sums = new RunSums(1);
  for (const [row, start, end] of pieces) {
    const at = sums.add(row, start, end);
    sums.sums.set([end - start, end, row * (end - start), 1], at);
  }
  return sums;
}

describe('runs with their sums', () => {
  it('make the 8-connected regions of their pixels, in reading order, however they were cut and ordered', () => {
    fc.assert(
      fc.property(anyBitmap(), fc.nat(100), (bitmap, shuffle) => {
        const runs = runsOfBitmap(bitmap);
        const { labels, count } = labelRuns(runs, 8);
        const wanted = splitByLabel(runs, labels, count);
        const regions = collected(bitmap, shuffle).regions(1, -1, -1);
        expect(regions.map((region) => region.runs)).toEqual(wanted);
        expect(regions.map((region) => region.pixels)).toEqual(wanted.map(pixelCount));
        expect(regions.map((region) => region.score)).toEqual(wanted.map(pixelCount));
        expect(regions.map((region) => region.peak)).toEqual(wanted.map(({ end }) => Math.max(...end)));
      }),
    );
  });

  it('drop what is small, unless it reaches a row beyond which it may go on', () => {
    const sums = new RunSums(0);
    for (const row of [3, 10, 20]) sums.add(row, 5, 7);
    const rows = (top: number, bottom: number) => sums.regions(5, top, bottom).map(({ runs }) => runs.row[0]);
    expect(rows(-1, -1)).toEqual([]);
    expect(rows(3, -1)).toEqual([3]);
    expect(rows(-1, 20)).toEqual([20]);
    expect(sums.regions(2, -1, -1)).toHaveLength(3);
    expect(sums.regions(2, 3, -1, 1).map(({ runs }) => runs.row[0])).toEqual([3]);
  });
});
