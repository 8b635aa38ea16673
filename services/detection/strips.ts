import type { Grid } from '../../imagery/grid.ts';

/** How a grid is cut for one search of all of it. */
export interface StripPlan {
  strips: { row: number; height: number }[];
  /** Columns of every strip that are taken at a time. */
  segments: { column: number; width: number }[];
}

const usualColumns = 2048;
/** What of a strip is in memory at once, where the files' own tiles allow. */
const usualPixels = 2048 * 512;
const mostRows = 512;
/** A piece has to be longer than the seams at both its ends. */
const shortest = 64;

/**
 * Strips of whole rows of the files' tiles (`chunk`), and segments of whole tiles, so that every tile is decoded once.
 * Lengths are even, but for the last: blocks of 2 × 2 pixels are screened.
 */
export function planStrips(grid: Grid, chunk: { width: number; height: number }): StripPlan {
  const segments = cut(grid.width, chunk.width, usualColumns);
  const widest = Math.max(...segments.map(([, width]) => width));
  const rows = Math.max(shortest, Math.min(mostRows, Math.floor(usualPixels / widest)));
  const strips = cut(grid.height, chunk.height, rows);
  return {
    strips: strips.map(([row, height]) => ({ row, height })),
    segments: segments.map(([column, width]) => ({ column, width })),
  };
}

/** Starts and lengths of pieces: even multiples of a tile's side next to the usual length. */
function cut(length: number, tile: number, usual: number): [start: number, length: number][] {
  const step = Math.max(1, Math.round(usual / tile)) * tile;
  const even = Math.max(shortest, step + (step % 2) * tile);
  const pieces: [number, number][] = [];
  for (let start = 0; start < length; ) {
    const left = length - start;
    // What would remain too short for a piece of its own goes with the last one.
    const next = left - even < shortest ? left : even;
    pieces.push([start, next]);
    start += next;
  }
  return pieces;
}
