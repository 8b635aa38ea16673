import type { PixelRuns } from '../../detectors/runs.ts';
import type { Random } from './random-shapes.ts';

/** Runs from [row, start, end) triples, given in order. */
export function runsOf(triples: readonly (readonly [number, number, number])[]): PixelRuns {
  return {
    row: Int32Array.from(triples, ([row]) => row),
    start: Int32Array.from(triples, ([, start]) => start),
    end: Int32Array.from(triples, ([, , end]) => end),
  };
}

export function rectangleRuns(column: number, row: number, width: number, height: number): PixelRuns {
  return runsOf(Array.from({ length: height }, (_, j) => [row + j, column, column + width] as const));
}

/** A ragged patch in a box: rows with none to three runs. */
export function randomRuns(random: Random, column: number, row: number, width: number, height: number): PixelRuns {
  const triples: [number, number, number][] = [];
  for (let j = 0; j < height; j++) {
    let x = column;
    for (let n = Math.floor(4 * random()); n > 0; n--) {
      const start = x + 1 + Math.floor((random() * width) / 4);
      const end = start + 1 + Math.floor((random() * width) / 3);
      if (end > column + width) break;
      triples.push([row + j, start, end]);
      x = end;
    }
  }
  return runsOf(triples);
}
