import fc from 'fast-check';
import { type Block, type PixelRuns, runsWhere } from '../../detectors/runs.ts';

/** A small picture of set (1) and unset (0) pixels, row-major. */
export interface Bitmap {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** A bitmap drawn with one line of text per row, '#' = set. */
export function bitmapOf(...lines: string[]): Bitmap {
  const pixels = Uint8Array.from(lines.join(''), (character) => (character === '#' ? 1 : 0));
  return { width: lines[0].length, height: lines.length, pixels };
}

/** Random bitmaps up to `most` × `most`, from nearly empty to nearly full. */
export function anyBitmap(most = 14): fc.Arbitrary<Bitmap> {
  const side = fc.integer({ min: 1, max: most });
  return fc
    .tuple(side, side, fc.integer({ min: 1, max: 9 }))
    .chain(([width, height, tenths]) =>
      fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: width * height, maxLength: width * height })
        .map((draws) => ({ width, height, pixels: Uint8Array.from(draws, (draw) => (draw < tenths ? 1 : 0)) })),
    );
}

/** The whole bitmap as a block whose first pixel lies at (column, row) of the grid. */
export function wholeBlock({ width, height }: Bitmap, column = 0, row = 0): Block {
  return { stride: width, left: 0, top: 0, width, height, column, row };
}

export function runsOfBitmap(bitmap: Bitmap): PixelRuns {
  return runsWhere(wholeBlock(bitmap), (i) => bitmap.pixels[i] === 1);
}

/** Pixels that the runs cover, painted one by one; a pixel painted twice counts twice. */
export function painted(runs: PixelRuns, width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < runs.row.length; i++)
    for (let x = runs.start[i]; x < runs.end[i]; x++) pixels[runs.row[i] * width + x]++;
  return pixels;
}

/** Component number per pixel in reading order, -1 where unset, by flood fill: the slow, obvious way. */
export function floodFill({ width, height, pixels }: Bitmap, connectivity: 4 | 8): Int32Array {
  const labels = new Int32Array(pixels.length).fill(-1);
  let next = 0;
  for (let seed = 0; seed < pixels.length; seed++) {
    if (!pixels[seed] || labels[seed] >= 0) continue;
    const open = [seed];
    labels[seed] = next;
    while (open.length > 0) {
      const at = open.pop()!;
      for (const [dx, dy] of neighbours(connectivity)) {
        const x = (at % width) + dx;
        const y = Math.floor(at / width) + dy;
        const i = y * width + x;
        if (x < 0 || y < 0 || x >= width || y >= height || !pixels[i] || labels[i] >= 0) continue;
        labels[i] = next;
        open.push(i);
      }
    }
    next++;
  }
  return labels;
}

function neighbours(connectivity: 4 | 8): [number, number][] {
  const edges: [number, number][] = [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ];
  const corners: [number, number][] = [
    [1, 1],
    [1, -1],
    [-1, 1],
    [-1, -1],
  ];
  return connectivity === 4 ? edges : [...edges, ...corners];
}
