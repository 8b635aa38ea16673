import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  joinRuns,
  labelRuns,
  pixelCount,
  RunCollector,
  rectangleRuns,
  runsWhere,
  splitByLabel,
} from '../../detectors/runs.ts';
import { anyBitmap, bitmapOf, floodFill, painted, runsOfBitmap, wholeBlock } from '../support/bitmaps.ts';

describe('runs of a bitmap', () => {
  it('cover exactly the set pixels, sorted, and never touch within a row', () => {
    fc.assert(
      fc.property(anyBitmap(), (bitmap) => {
        const runs = runsOfBitmap(bitmap);
        expect(painted(runs, bitmap.width, bitmap.height)).toEqual(bitmap.pixels);
        expect(pixelCount(runs)).toBe(bitmap.pixels.reduce((sum, pixel) => sum + pixel, 0));
        for (let i = 1; i < runs.row.length; i++) {
          const ordered = runs.row[i] > runs.row[i - 1] || runs.start[i] > runs.end[i - 1];
          expect(ordered).toBe(true);
        }
      }),
    );
  });

  it('lie where the block lies on the grid, and see nothing outside the block', () => {
    const bitmap = bitmapOf('######', '##..##', '#.##.#', '######');
    const block = { stride: 6, left: 1, top: 1, width: 4, height: 2, column: 100, row: 50 };
    const runs = runsWhere(block, (i) => bitmap.pixels[i] === 1);
    expect([...runs.row]).toEqual([50, 50, 51]);
    expect([...runs.start]).toEqual([100, 103, 101]);
    expect([...runs.end]).toEqual([101, 104, 103]);
  });

  it('do not join the end of one row with the start of the next', () => {
    const runs = runsWhere(wholeBlock(bitmapOf('.#', '#.')), (i) => i === 1 || i === 2);
    expect(runs.row.length).toBe(2);
  });

  it('are empty for an empty bitmap', () => {
    const runs = runsOfBitmap(bitmapOf('...', '...'));
    expect(pixelCount(runs)).toBe(0);
    expect(labelRuns(runs, 8).count).toBe(0);
    expect(splitByLabel(runs, new Int32Array(0), 0)).toEqual([]);
  });
});

it('a collector joins the pieces of a row that touch, and only those', () => {
  const collector = new RunCollector();
  collector.add(3, 0, 4);
  collector.add(3, 4, 6);
  collector.add(3, 7, 9);
  collector.add(4, 9, 10);
  const runs = collector.finish();
  expect([...runs.row]).toEqual([3, 3, 4]);
  expect([...runs.start]).toEqual([0, 7, 9]);
  expect([...runs.end]).toEqual([6, 9, 10]);
});

describe.each([4, 8] as const)('labels, %i-connected', (connectivity) => {
  it('are those of a flood fill, numbered in reading order', () => {
    fc.assert(
      fc.property(anyBitmap(), (bitmap) => {
        const runs = runsOfBitmap(bitmap);
        const { labels, count } = labelRuns(runs, connectivity);
        const expected = floodFill(bitmap, connectivity);
        expect(count).toBe(Math.max(-1, ...expected) + 1);
        labels.forEach((label, i) => {
          expect(label).toBe(expected[runs.row[i] * bitmap.width + runs.start[i]]);
        });
      }),
    );
  });

  it('split the runs into parts that together are the whole', () => {
    fc.assert(
      fc.property(anyBitmap(), (bitmap) => {
        const runs = runsOfBitmap(bitmap);
        const { labels, count } = labelRuns(runs, connectivity);
        const parts = splitByLabel(runs, labels, count);
        const whole = parts.map((part) => painted(part, bitmap.width, bitmap.height));
        expect(bitmap.pixels.map((_, i) => whole.reduce((sum, part) => sum + part[i], 0))).toEqual(bitmap.pixels);
      }),
    );
  });
});

it('pixels that meet at a corner are one component of eight neighbours and two of four', () => {
  const runs = runsOfBitmap(bitmapOf('#.', '.#'));
  expect(labelRuns(runs, 8).count).toBe(1);
  expect(labelRuns(runs, 4).count).toBe(2);
});

it('a spiral and a comb are one component, however late their runs meet', () => {
  const spiral = bitmapOf('#######', '......#', '#####.#', '#...#.#', '#.###.#', '#.....#', '#######');
  const comb = bitmapOf('#.#.#.#', '#.#.#.#', '#######');
  expect(labelRuns(runsOfBitmap(spiral), 4).count).toBe(1);
  expect(labelRuns(runsOfBitmap(comb), 4).count).toBe(1);
});

it('runs of the parts of a bitmap, joined in any order, are the runs of the whole', () => {
  fc.assert(
    fc.property(anyBitmap(), fc.nat(13), fc.nat(13), fc.boolean(), (bitmap, column, row, reversed) => {
      const x = column % bitmap.width;
      const y = row % bitmap.height;
      const part = (left: number, top: number, width: number, height: number) =>
        runsWhere(
          { stride: bitmap.width, left, top, width, height, column: left, row: top },
          (i) => bitmap.pixels[i] === 1,
        );
      const right = bitmap.width - x;
      const lower = bitmap.height - y;
      const parts = [part(0, 0, x, y), part(x, 0, right, y), part(0, y, x, lower), part(x, y, right, lower)];
      expect(joinRuns(reversed ? parts.reverse() : parts)).toEqual(runsOfBitmap(bitmap));
    }),
  );
});

it('the runs of a rectangle are one per row', () => {
  expect([...painted(rectangleRuns(1, 2, 2, 1), 4, 4)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
  expect(pixelCount(rectangleRuns(5, 9, 7, 3))).toBe(21);
  expect(rectangleRuns(5, 9, 7, 3).row).toEqual(Int32Array.of(9, 10, 11));
});
