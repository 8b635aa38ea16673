import type { Window } from '../grid.ts';
import type { TiffImage } from './image.ts';

/** What a chunk, its image and a window have in common. */
interface Overlap {
  /** Of the first common pixel in the chunk, whose rows are chunkWidth long, and in the window. */
  from: number;
  at: number;
  width: number;
  rows: number;
}

/** Indices of the chunks that share pixels with the window, row by row. */
export function chunksIn(image: TiffImage, window: Window): number[] {
  const indices: number[] = [];
  const endColumn = Math.min(window.column + window.width, image.width);
  const endRow = Math.min(window.row + window.height, image.height);
  const firstColumn = Math.floor(Math.max(window.column, 0) / image.chunkWidth);
  const firstRow = Math.floor(Math.max(window.row, 0) / image.chunkHeight);
  for (let row = firstRow; row * image.chunkHeight < endRow; row++) {
    for (let column = firstColumn; column * image.chunkWidth < endColumn; column++) {
      indices.push(row * image.chunkColumns + column);
    }
  }
  return indices;
}

/** Whether the window shows all that a chunk has of the image. */
export function isCovered(image: TiffImage, index: number, window: Window): boolean {
  const { left, top, right, bottom } = boundsOf(image, index);
  const { column, row, width, height } = window;
  return left >= column && top >= row && right <= column + width && bottom <= row + height;
}

export function overlap(image: TiffImage, index: number, window: Window): Overlap {
  const bounds = boundsOf(image, index);
  const left = Math.max(bounds.left, window.column);
  const top = Math.max(bounds.top, window.row);
  return {
    from: (top - bounds.top) * image.chunkWidth + left - bounds.left,
    at: (top - window.row) * window.width + left - window.column,
    width: Math.min(bounds.right, window.column + window.width) - left,
    rows: Math.min(bounds.bottom, window.row + window.height) - top,
  };
}

/** The pixels of the image that a chunk holds. */
function boundsOf({ width, height, chunkWidth, chunkHeight, chunkColumns }: TiffImage, index: number) {
  const left = (index % chunkColumns) * chunkWidth;
  const top = Math.floor(index / chunkColumns) * chunkHeight;
  return { left, top, right: Math.min(left + chunkWidth, width), bottom: Math.min(top + chunkHeight, height) };
}
