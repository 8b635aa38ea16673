import { type PixelRuns, runsWhere } from '../../detectors/runs.ts';

/** The pixels of a square picture whose middles pass the test. */
export function drawnRuns(side: number, inside: (x: number, y: number) => boolean): PixelRuns {
  const block = { stride: side, left: 0, top: 0, width: side, height: side, column: 0, row: 0 };
  return runsWhere(block, (i) => inside((i % side) + 0.5, Math.floor(i / side) + 0.5));
}

/** A shape drawn about the middle of a picture of 200 pixels a side, in its own axes u and v, turned. */
export function turned(degrees: number, inside: (u: number, v: number) => boolean, middle = 100) {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return (x: number, y: number): boolean =>
    inside((x - middle) * cos + (y - middle) * sin, (y - middle) * cos - (x - middle) * sin);
}
