import { labelRuns, type PixelRuns } from './runs.ts';

/** A closed ring of pixel corners [column, row], first repeated at the end. */
export type Ring = [number, number][];
/** Shell first, then holes. Shells run clockwise on the image (rows down), holes the other way. */
export type Outline = Ring[];

/** The same ring as plain numbers: column, row, column, row, …, first corner repeated at the end. */
export type FlatRing = Int32Array;
/** Shell first, then holes. */
export type FlatOutline = FlatRing[];

/**
 * Outlines of a set of pixels along pixel edges, exact: the area inside is the pixel count.
 * Pixels that meet only at a corner become two polygons, and a ring that meets itself at a corner is
 * split there, so every polygon is valid (simple rings that touch at most in points).
 */
export function traceOutlines(runs: PixelRuns): Outline[] {
  return traceFlat(runs).map((outline) => outline.map(pairs));
}

/** As traceOutlines, for where there are so many corners that an array for each would cost. */
export function traceFlat(runs: PixelRuns): FlatOutline[] {
  const { labels, count } = labelRuns(runs, 4);
  const parts: FlatOutline[] = Array.from({ length: count }, () => []);
  const links = linkEdges(runs);
  for (let edge = 0; edge < links.next.length; edge++) {
    // An edge whose ring is traced has no next any more.
    if (links.next[edge] < 0) continue;
    const part = parts[labels[edge >> 1]];
    const { ring, saddles } = traced(edge, runs, links);
    if (saddles.length < 2) part.push(ring);
    else part.push(...splitAtTouches(ring, saddles));
  }
  for (const part of parts) {
    const shell = part.findIndex((ring) => twiceArea(ring) > 0);
    if (shell > 0) part.unshift(...part.splice(shell, 1));
  }
  return parts;
}

function pairs(flat: FlatRing): Ring {
  const ring: Ring = [];
  for (let i = 0; i < flat.length; i += 2) ring.push([flat[i], flat[i + 1]]);
  return ring;
}

/** Positive when clockwise on the image (x right, y down). */
function twiceArea(ring: FlatRing): number {
  let sum = 0;
  for (let i = 2; i < ring.length; i += 2) sum += ring[i - 2] * ring[i + 1] - ring[i] * ring[i - 1];
  return sum;
}

/**
 * The boundary as links between vertical edges, the inside on the right hand. Edge 2i is the left edge of run i,
 * walked up; edge 2i + 1 its right edge, walked down. From an edge the boundary goes along one row of corners, left
 * or right, to the next vertical edge:
 *
 *      →→→        Every ring holds vertical edges, so each of them is a possible start; a saddle corner (two
 *     ↑ ■ ↓       pixels that meet at it alone) is turned round the own pixel, which keeps pixels that only
 *      ←←←        share a corner apart.
 */
interface EdgeLinks {
  next: Int32Array;
  /** Per edge: 1 = the corner it ends at is a saddle, 2 = the corner where `next` begins is one. */
  saddle: Uint8Array;
}

const endsAtSaddle = 1;
const leadsToSaddle = 2;

function linkEdges(runs: PixelRuns): EdgeLinks {
  const links = { next: new Int32Array(2 * runs.row.length), saddle: new Uint8Array(2 * runs.row.length) };
  linkLeftEdges(runs, links);
  linkRightEdges(runs, links);
  return links;
}

/** Walked up the left edge of `run` to its top left corner (x, y): where does the boundary go on? */
function linkLeftEdges({ row, start, end }: PixelRuns, { next, saddle }: EdgeLinks): void {
  /** First run of the row above, or later, that starts right of x. */
  let beyond = 0;
  for (let run = 0; run < row.length; run++) {
    const x = start[run];
    const over = row[run] - 1;
    while (row[beyond] < over || (row[beyond] === over && start[beyond] <= x)) beyond++;
    const above = beyond > 0 && row[beyond - 1] === over ? beyond - 1 : -1;
    if (above >= 0 && end[above] > x) {
      // The pixel above the own one is inside, too: left along the bottom of the run above, or straight on.
      const left = run > 0 && row[run - 1] === row[run] && start[above] < x ? run - 1 : -1;
      if (left >= 0 && end[left] > start[above]) next[2 * run] = 2 * left + 1;
      else {
        next[2 * run] = 2 * above;
        if (left >= 0 && end[left] === start[above]) saddle[2 * run] = leadsToSaddle;
      }
      continue;
    }
    // Turn right, along the own top, until the run ends or another one stands above it.
    if (above >= 0 && end[above] === x) saddle[2 * run] = endsAtSaddle;
    const follows = row[beyond] === over ? start[beyond] : Infinity;
    next[2 * run] = follows < end[run] ? 2 * beyond : 2 * run + 1;
    if (follows === end[run]) saddle[2 * run] |= leadsToSaddle;
  }
}

/** Walked down the right edge of `run` to its bottom right corner. The mirror image of the above. */
function linkRightEdges({ row, start, end }: PixelRuns, { next, saddle }: EdgeLinks): void {
  /** Last run of the row below, or earlier, that ends left of x. */
  let before = row.length - 1;
  for (let run = row.length - 1; run >= 0; run--) {
    const x = end[run];
    const under = row[run] + 1;
    while (row[before] > under || (row[before] === under && end[before] >= x)) before--;
    const below = before + 1 < row.length && row[before + 1] === under ? before + 1 : -1;
    const edge = 2 * run + 1;
    if (below >= 0 && start[below] < x) {
      const right = run + 1 < row.length && row[run + 1] === row[run] && end[below] > x ? run + 1 : -1;
      if (right >= 0 && start[right] < end[below]) next[edge] = 2 * right;
      else {
        next[edge] = 2 * below + 1;
        if (right >= 0 && start[right] === end[below]) saddle[edge] = leadsToSaddle;
      }
      continue;
    }
    if (below >= 0 && start[below] === x) saddle[edge] = endsAtSaddle;
    const follows = before >= 0 && row[before] === under ? end[before] : -Infinity;
    next[edge] = follows > start[run] ? 2 * before + 1 : 2 * run;
    if (follows === start[run]) saddle[edge] |= leadsToSaddle;
  }
}

/** Where corners are collected while nobody knows how many there will be. */
let corners = new Int32Array(4096);

/** The ring from the end of an edge round to it again, and the places in it of saddle corners. Unlinks its edges. */
function traced(first: number, { row, start, end }: PixelRuns, { next, saddle }: EdgeLinks) {
  const saddles: number[] = [];
  let length = 0;
  let edge = first;
  do {
    const to = next[edge];
    next[edge] = -1;
    const run = edge >> 1;
    const down = edge & 1;
    const fromX = down ? end[run] : start[run];
    const toX = to & 1 ? end[to >> 1] : start[to >> 1];
    if (fromX !== toX || down !== (to & 1)) {
      if (length + 6 > corners.length) corners = grown(corners);
      if (saddle[edge] & endsAtSaddle) saddles.push(length);
      if (saddle[edge] & leadsToSaddle) saddles.push(length + 2);
      const y = row[run] + down;
      corners[length] = fromX;
      corners[length + 1] = y;
      corners[length + 2] = toX;
      corners[length + 3] = y;
      length += 4;
    }
    edge = to;
  } while (edge !== first);
  corners[length] = corners[0];
  corners[length + 1] = corners[1];
  return { ring: corners.slice(0, length + 2), saddles };
}

function grown(small: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const large = new Int32Array(2 * small.length);
  large.set(small);
  return large;
}

/**
 * Cuts a ring that visits a corner twice into simple rings: the corner is a saddle, and what lies between the two
 * visits is a ring of its own.
 */
function splitAtTouches(ring: FlatRing, saddles: readonly number[]): FlatRing[] {
  const simple: FlatRing[] = [];
  const path = new Int32Array(ring.length);
  let length = 0;
  /** Where in the path each saddle corner lies that was met once, and the same places in order. */
  const at = new Map<number, number>();
  const met: number[] = [];
  let next = 0;
  for (let i = 0; i < ring.length; i += 2) {
    path[length] = ring[i];
    path[length + 1] = ring[i + 1];
    length += 2;
    const last = i === ring.length - 2;
    if (!last && i !== saddles[next]) continue;
    next++;
    const key = cornerKey(path, length - 2);
    const seen = last ? 0 : at.get(key);
    if (seen === undefined) {
      at.set(key, length - 2);
      met.push(length - 2);
      continue;
    }
    simple.push(path.slice(seen, length));
    length = seen + 2;
    while (met.length > 0 && met[met.length - 1] > seen) at.delete(cornerKey(path, met.pop() as number));
  }
  return simple;
}

/** One number per corner; rows and columns of images stay far below 2²⁶. */
function cornerKey(path: FlatRing, place: number): number {
  return path[place] * 2 ** 26 + path[place + 1];
}
