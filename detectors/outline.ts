import { labelRuns, type PixelRuns, splitByLabel } from './runs.ts';

/** A closed ring of pixel corners [column, row], first repeated at the end. */
export type Ring = [number, number][];
/** Shell first, then holes. Shells run clockwise on the image (rows down), holes the other way. */
export type Outline = Ring[];

/**
 * Outlines of a set of pixels along pixel edges, exact: the area inside is the pixel count.
 * Pixels that meet only at a corner become two polygons, and a ring that meets itself at a corner is
 * split there, so every polygon is valid (simple rings that touch at most in points).
 */
export function traceOutlines(runs: PixelRuns): Outline[] {
  const { labels, count } = labelRuns(runs, 4);
  return splitByLabel(runs, labels, count).map((part) => {
    const rings = new EdgeWalk(part).rings().flatMap(splitAtTouches);
    const shell = rings.findIndex((ring) => signedArea(ring) > 0);
    return [rings[shell], ...rings.filter((_, i) => i !== shell)];
  });
}

/** Twice the area; positive when clockwise on the image (x right, y down). */
function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  return sum;
}

/** Cuts a ring that visits a corner twice into simple rings. */
function splitAtTouches(ring: Ring): Ring[] {
  const simple: Ring[] = [];
  const path: Ring = [];
  const at = new Map<string, number>();
  for (const point of ring) {
    const key = `${point[0]},${point[1]}`;
    const seen = at.get(key);
    if (seen === undefined) {
      at.set(key, path.length);
      path.push(point);
      continue;
    }
    const loop = path.splice(seen + 1);
    for (const [x, y] of loop) at.delete(`${x},${y}`);
    simple.push([point, ...loop, point]);
  }
  return simple;
}

/**
 * Walks the boundary of a 4-connected set of runs with the inside on the right hand:
 *
 *      →→→        Every ring holds vertical edges, so each run's right edge (walked down) and left
 *     ↑ ■ ↓       edge (walked up) is a possible start; a saddle corner is turned round the own
 *      ←←←        pixel, which keeps pixels that only share a corner apart.
 */
class EdgeWalk {
  private readonly runs: PixelRuns;
  private readonly firstRow: number;
  private readonly rowStart: Int32Array;
  private readonly leftSeen: Uint8Array;
  private readonly rightSeen: Uint8Array;

  constructor(runs: PixelRuns) {
    this.runs = runs;
    const { row } = runs;
    this.firstRow = row[0];
    const rows = row[row.length - 1] - this.firstRow + 1;
    this.rowStart = new Int32Array(rows + 1);
    for (const r of row) this.rowStart[r - this.firstRow + 1]++;
    for (let r = 0; r < rows; r++) this.rowStart[r + 1] += this.rowStart[r];
    this.leftSeen = new Uint8Array(row.length);
    this.rightSeen = new Uint8Array(row.length);
  }

  rings(): Ring[] {
    const rings: Ring[] = [];
    for (let i = 0; i < this.runs.row.length; i++) {
      if (!this.leftSeen[i]) rings.push(this.walk(i, true));
      if (!this.rightSeen[i]) rings.push(this.walk(i, false));
    }
    return rings;
  }

  /** From the left edge of a run, walked up, or its right edge, walked down, on to the next vertical edge until back. */
  private walk(first: number, firstUp: boolean): Ring {
    const { row, start, end } = this.runs;
    const corners: Ring = [];
    let run = first;
    let up = firstUp;
    do {
      (up ? this.leftSeen : this.rightSeen)[run] = 1;
      const next = up ? this.afterLeftEdge(run) : this.afterRightEdge(run);
      const fromX = up ? start[run] : end[run];
      const toX = next.up ? start[next.run] : end[next.run];
      const y = up ? row[run] : row[run] + 1;
      if (fromX !== toX || up !== next.up) corners.push([fromX, y], [toX, y]);
      run = next.run;
      up = next.up;
    } while (run !== first || up !== firstUp);
    corners.push(corners[0]);
    return corners;
  }

  /** Walked up the left edge of `run` to its top left corner (x, y): where does the boundary go on? */
  private afterLeftEdge(run: number): { run: number; up: boolean } {
    const { row, start, end } = this.runs;
    const x = start[run];
    const above = this.lastStartingAtOrBefore(row[run] - 1, x);
    // The pixel above the own one is inside, too.
    if (above >= 0 && end[above] > x) {
      // The walk goes left along the bottom of the run above, or straight on where both start alike.
      if (start[above] === x) return { run: above, up: true };
      const left = run - 1;
      if (left >= 0 && row[left] === row[run] && end[left] > start[above]) return { run: left, up: false };
      return { run: above, up: true };
    }
    // Turn right, along the own top, until the run ends or another one stands above it.
    const next = this.firstStartingAfter(row[run] - 1, x - 1);
    if (next >= 0 && start[next] < end[run]) return { run: next, up: true };
    return { run, up: false };
  }

  /** Walked down the right edge of `run` to its bottom right corner. The mirror image of the above. */
  private afterRightEdge(run: number): { run: number; up: boolean } {
    const { row, start, end } = this.runs;
    const x = end[run];
    const below = this.lastStartingAtOrBefore(row[run] + 1, x - 1);
    if (below >= 0 && end[below] >= x) {
      if (end[below] === x) return { run: below, up: false };
      const right = run + 1;
      if (right < row.length && row[right] === row[run] && start[right] < end[below]) return { run: right, up: true };
      return { run: below, up: false };
    }
    if (below >= 0 && end[below] > start[run]) return { run: below, up: false };
    return { run, up: true };
  }

  /** Index of the last run of a row with start ≤ x, or -1. */
  private lastStartingAtOrBefore(row: number, x: number): number {
    const found = this.firstStartingAfterIndex(row, x) - 1;
    return found >= this.rowBegin(row) ? found : -1;
  }

  /** Index of the first run of a row with start > x, or -1. */
  private firstStartingAfter(row: number, x: number): number {
    const found = this.firstStartingAfterIndex(row, x);
    return found < this.rowEnd(row) ? found : -1;
  }

  private firstStartingAfterIndex(row: number, x: number): number {
    let low = this.rowBegin(row);
    let high = this.rowEnd(row);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.runs.start[middle] > x) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private rowBegin(row: number): number {
    const r = row - this.firstRow;
    return r < 0 ? 0 : this.rowStart[Math.min(r, this.rowStart.length - 1)];
  }

  private rowEnd(row: number): number {
    const r = row - this.firstRow;
    return r < 0 ? 0 : this.rowStart[Math.min(r + 1, this.rowStart.length - 1)];
  }
}
