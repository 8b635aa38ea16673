import type { Arrangement } from './arrangement.ts';
import { orientation } from './orientation.ts';

/** A ring of a region: closed, anticlockwise for a shell, clockwise for a hole; touches itself nowhere. */
export interface Loop {
  ring: Float64Array;
  /** Number of the ring that all of it is of; -1 = of several. */
  of: number;
}

/** A connected piece of a region. */
export interface Face {
  shell: Loop;
  holes: Loop[];
}

/** Tells by how often shells and holes turn round a place whether it belongs to the region. */
export type Belongs = (shells: number, holes: number) => boolean;

/** A boundary as it is walked with the region on its left; it may come by a corner several times. */
interface Walk {
  /** Loops of corner numbers. */
  loops: { corners: number[]; of: number }[];
  /** The lowest edge at its westernmost corner. */
  westernmost: number;
}

/**
 * The places of an arrangement that belong to a region, as valid polygons: where pieces of it only touch at a corner,
 * and where a piece touches itself, rings are parted there. All corners are corners of the arrangement.
 */
export function facesWhere(plane: Arrangement, belongs: Belongs): Face[] {
  const boundary = boundaryOf(plane, belongs);
  const outgoing = outgoingOf(boundary, plane.x.length);
  const walkOf = new Int32Array(plane.low.length).fill(-1);
  const walks: Walk[] = [];
  for (const edge of plane.order) {
    if (boundary.from[edge] < 0 || walkOf[edge] >= 0) continue;
    walks.push(walk(plane, boundary, outgoing, edge, walkOf, walks.length));
  }
  return assembled(plane, boundary, walks, walkOf);
}

/** Ends of each edge between the region and the rest, the region on the left; -1 = of another edge. */
interface Boundary {
  from: Int32Array;
  to: Int32Array;
  /** The edge of the boundary right below each edge; -1 = none. */
  below: Int32Array;
}

function boundaryOf(plane: Arrangement, belongs: Belongs): Boundary {
  const count = plane.low.length;
  const [from, to, below] = Array.from({ length: 3 }, () => new Int32Array(count).fill(-1));
  for (const edge of plane.order) {
    const [shells, holes] = [plane.shellsAbove[edge], plane.holesAbove[edge]];
    const above = belongs(shells, holes);
    if (above !== belongs(shells - plane.shellStep[edge], holes - plane.holeStep[edge])) {
      from[edge] = above ? plane.low[edge] : plane.high[edge];
      to[edge] = above ? plane.high[edge] : plane.low[edge];
    }
    const under = plane.below[edge];
    if (under >= 0) below[edge] = from[under] >= 0 ? under : below[under];
  }
  return { from, to, below };
}

/** The edges of the boundary that leave each corner, as linked lists. */
interface Outgoing {
  first: Int32Array;
  next: Int32Array;
}

function outgoingOf({ from }: Boundary, corners: number): Outgoing {
  const first = new Int32Array(corners).fill(-1);
  const next = new Int32Array(from.length).fill(-1);
  for (let edge = from.length - 1; edge >= 0; edge--) {
    if (from[edge] < 0) continue;
    next[edge] = first[from[edge]];
    first[from[edge]] = edge;
  }
  return { first, next };
}

/** Walks on with the region's same sector on the left, and parts the way into loops where it comes by a corner again. */
function walk(
  plane: Arrangement,
  { from, to }: Boundary,
  outgoing: Outgoing,
  start: number,
  walkOf: Int32Array,
  number: number,
): Walk {
  const loops: Walk['loops'] = [];
  const path: number[] = [];
  const at = new Map<number, number>();
  for (let edge = start; walkOf[edge] < 0; ) {
    walkOf[edge] = number;
    at.set(from[edge], path.length);
    path.push(edge);
    const corner = to[edge];
    const next = nextEdge(plane, { from, to, below: from }, outgoing, edge);
    const seen = at.get(corner);
    if (seen !== undefined) {
      const loop = path.splice(seen);
      for (const passed of loop) at.delete(from[passed]);
      const of = plane.ring[loop[0]];
      const whole = loop.every((passed) => plane.ring[passed] === of);
      loops.push({ corners: loop.map((passed) => from[passed]), of: whole ? of : -1 });
    }
    edge = next;
  }
  return { loops, westernmost: start };
}

/** The first edge clockwise from the way back: the other side of the sector that lay on the left. */
function nextEdge(plane: Arrangement, { from, to }: Boundary, { first, next }: Outgoing, edge: number): number {
  const corner = to[edge];
  let best = first[corner];
  for (let other = next[best]; other >= 0; other = next[other]) {
    if (clockwiseBefore(plane, corner, from[edge], to[other], to[best])) best = other;
  }
  return best;
}

/** Whether a comes before b when turning clockwise round the corner, from the direction of `start` on. */
function clockwiseBefore({ x, y }: Arrangement, corner: number, start: number, a: number, b: number): boolean {
  const side = (p: number, q: number) => orientation(x[corner], y[corner], x[p], y[p], x[q], y[q]);
  const half = (p: number) => Math.sign(side(start, p)) + 1;
  return half(a) === half(b) ? side(a, b) < 0 : half(a) < half(b);
}

function assembled(plane: Arrangement, { below }: Boundary, walks: readonly Walk[], walkOf: Int32Array): Face[] {
  const faces: Face[] = [];
  const ofWalk: Face[] = [];
  for (const { loops, westernmost } of walks) {
    const outer = loops.find(({ corners }) => turnsLeft(plane, corners));
    if (outer !== undefined) faces.push({ shell: loopOf(plane, outer), holes: [] });
    // Walks come from west to east, so that the one below is known by now.
    const face = outer === undefined ? ofWalk[walkOf[below[westernmost]]] : faces[faces.length - 1];
    for (const loop of loops) if (loop !== outer) face.holes.push(loopOf(plane, loop));
    ofWalk.push(face);
  }
  return faces;
}

/** Corners are numbered from west to east: at the first one the way out and the way in tell how a loop turns. */
function turnsLeft({ x, y }: Arrangement, corners: readonly number[]): boolean {
  let first = 0;
  for (let i = 1; i < corners.length; i++) if (corners[i] < corners[first]) first = i;
  const before = corners[(first + corners.length - 1) % corners.length];
  const [p, after] = [corners[first], corners[(first + 1) % corners.length]];
  return orientation(x[before], y[before], x[p], y[p], x[after], y[after]) > 0;
}

function loopOf({ x, y }: Arrangement, { corners, of }: Walk['loops'][number]): Loop {
  const ring = new Float64Array(2 * corners.length + 2);
  corners.forEach((p, i) => {
    ring[2 * i] = x[p];
    ring[2 * i + 1] = y[p];
  });
  ring.copyWithin(ring.length - 2, 0, 2);
  return { ring, of };
}
