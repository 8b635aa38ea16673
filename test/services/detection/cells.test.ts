import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellSizePx, cellsOf } from '../../../services/detection/cells.ts';

const area = fc.record({
  column: fc.integer({ min: -3000, max: 3000 }),
  row: fc.integer({ min: -3000, max: 3000 }),
  width: fc.integer({ min: 1, max: 4000 }),
  height: fc.integer({ min: 1, max: 4000 }),
});

describe('the cells of an area', () => {
  it('cover it exactly once', () => {
    fc.assert(
      fc.property(area, (window) => {
        const cells = cellsOf(window);
        const pixels = cells.reduce((sum, { width, height }) => sum + width * height, 0);
        const right = (cell: { column: number; width: number }) => cell.column + cell.width;
        const bottom = (cell: { row: number; height: number }) => cell.row + cell.height;
        const inside = cells.every(
          (cell) =>
            cell.column >= window.column &&
            cell.row >= window.row &&
            right(cell) <= right(window) &&
            bottom(cell) <= bottom(window),
        );
        const apart = cells.every((a, i) =>
          cells
            .slice(i + 1)
            .every((b) => right(a) <= b.column || right(b) <= a.column || bottom(a) <= b.row || bottom(b) <= a.row),
        );
        return inside && apart && pixels === window.width * window.height;
      }),
    );
  });

  it('lie on multiples of the cell size, whatever the area: neighbouring areas share their seams', () => {
    fc.assert(
      fc.property(area, (window) => {
        const cut = (from: number, length: number) =>
          Math.floor(from / cellSizePx) === Math.floor((from + length - 1) / cellSizePx);
        return cellsOf(window).every((cell) => cut(cell.column, cell.width) && cut(cell.row, cell.height));
      }),
    );
  });

  it('come row by row from the top-left', () => {
    expect(cellsOf({ column: 0, row: 0, width: 1500, height: 1030 })).toEqual([
      { column: 0, row: 0, width: 1024, height: 1024 },
      { column: 1024, row: 0, width: 476, height: 1024 },
      { column: 0, row: 1024, width: 1024, height: 6 },
      { column: 1024, row: 1024, width: 476, height: 6 },
    ]);
  });
});
