import type { Window } from '../../imagery/grid.ts';

/** Side of the cells a comparison is cut into: also the tile size of score rasters. */
export const cellSizePx = 1024;

/** Cuts an area of a grid into cells that lie on multiples of the cell size, row by row. */
export function cellsOf(area: Window): Window[] {
  const cells: Window[] = [];
  const first = (from: number) => Math.floor(from / cellSizePx) * cellSizePx;
  const right = area.column + area.width;
  const bottom = area.row + area.height;
  for (let y = first(area.row); y < bottom; y += cellSizePx) {
    for (let x = first(area.column); x < right; x += cellSizePx) {
      const column = Math.max(x, area.column);
      const row = Math.max(y, area.row);
      const width = Math.min(x + cellSizePx, right) - column;
      const height = Math.min(y + cellSizePx, bottom) - row;
      cells.push({ column, row, width, height });
    }
  }
  return cells;
}
