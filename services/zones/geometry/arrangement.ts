import { type EdgeSet, MOST_CROSSINGS, type Swept, sweep } from './sweep.ts';

/** A closed ring that counts +1 or −1 for the places it turns round anticlockwise, as a shell or as a hole. */
export interface RoledRing {
  ring: Float64Array;
  role: 'shell' | 'hole';
}

/**
 * The plane cut along rings: no edge meets another but at common ends. Of each edge it is known how often the shells
 * and how often the holes turn round the places right above and right below it.
 */
export interface Arrangement extends EdgeSet {
  /** Edges in order from west to east, and the edge below each; -1 = none. */
  order: Int32Array;
  below: Int32Array;
  /** How often shells and holes turn round what is above an edge, and what they add to what is below. */
  shellsAbove: Int32Array;
  holesAbove: Int32Array;
  shellStep: Int32Array;
  holeStep: Int32Array;
  /** The ring each edge is of; of an edge of several rings, one of them. */
  ring: Int32Array;
  /** True where rings have edges in common, in full or in part. */
  shared: boolean;
  /** A place where edges crossed, which is now a corner; null = none did. */
  crossing: [lon: number, lat: number] | null;
}

/**
 * Cutting at crossings rounds, which may make new ones, and a sweep does not find all crossings of an edge: a slip
 * takes two or three rounds. A shape of a million corners gets fewer, so that it takes seconds.
 */
const MOST_ROUNDS = 24;
const MOST_SWEPT_EDGES = 6_000_000;

/** Edges under work: ends by number, not yet in order, and how they count from the first end to the second. */
interface Pieces {
  x: Float64Array;
  y: Float64Array;
  from: Int32Array;
  to: Int32Array;
  shell: Int32Array;
  hole: Int32Array;
  ring: Int32Array;
}

/** Null where it cannot be done: so many crossings that cutting them does not come to an end. */
export function arrange(rings: readonly RoledRing[]): Arrangement | null {
  let pieces = piecesOf(rings);
  let shared = false;
  let crossing: Arrangement['crossing'] = null;
  let sweptEdges = 0;
  for (let round = 0; round < MOST_ROUNDS && sweptEdges < MOST_SWEPT_EDGES; round++) {
    const set = inOrder(pieces);
    sweptEdges += set.edges.low.length;
    shared ||= set.merged;
    const swept = sweep(set.edges);
    if (swept.touches.length === 0 && swept.crossings.length === 0) return counted(set, swept, shared, crossing);
    if (swept.crossings.length >= 2 * MOST_CROSSINGS) return null;
    const cuts = cutsOf(set.edges, swept);
    crossing ??= cuts.crossing;
    pieces = cutUp(set, cuts);
  }
  return null;
}

function piecesOf(rings: readonly RoledRing[]): Pieces {
  const count = rings.reduce((sum, { ring }) => sum + ring.length / 2 - 1, 0);
  const pieces = emptyPieces(count, count);
  let at = 0;
  rings.forEach(({ ring, role }, number) => {
    const first = at;
    const last = ring.length / 2 - 2;
    for (let i = 0; i <= last; i++, at++) {
      pieces.x[at] = ring[2 * i];
      pieces.y[at] = ring[2 * i + 1];
      pieces.from[at] = at;
      pieces.to[at] = i === last ? first : at + 1;
      pieces.ring[at] = number;
    }
    (role === 'shell' ? pieces.shell : pieces.hole).fill(1, first, at);
  });
  return pieces;
}

function emptyPieces(points: number, edges: number): Pieces {
  const [x, y] = [new Float64Array(points), new Float64Array(points)];
  const [from, to, shell, hole, ring] = Array.from({ length: 5 }, () => new Int32Array(edges));
  return { x, y, from, to, shell, hole, ring };
}

/** Edges ready to be swept: ends in order, what is there several times put together. */
interface OrderedSet {
  edges: EdgeSet;
  shell: Int32Array;
  hole: Int32Array;
  ring: Int32Array;
  merged: boolean;
}

function inOrder({ x, y, from, to, shell, hole, ring }: Pieces): OrderedSet {
  const points = numbered(x, y);
  const starting = byLowerEnd(from, to, points.number, points.x.length);
  const kept = { low: [] as number[], high: [] as number[], shell: [] as number[], hole: [] as number[] };
  const ringOf: number[] = [];
  let merged = false;
  for (let p = 0; p < points.x.length; p++) {
    const first = kept.low.length;
    for (let i = starting.first[p]; i < starting.first[p + 1]; i++) {
      const edge = starting.members[i];
      const [a, b] = [points.number[from[edge]], points.number[to[edge]]];
      const sign = a < b ? 1 : -1;
      let at = first;
      while (at < kept.low.length && kept.high[at] !== Math.max(a, b)) at++;
      if (at < kept.low.length) {
        merged = true;
        kept.shell[at] += sign * shell[edge];
        kept.hole[at] += sign * hole[edge];
        continue;
      }
      kept.low.push(p);
      kept.high.push(Math.max(a, b));
      kept.shell.push(sign * shell[edge]);
      kept.hole.push(sign * hole[edge]);
      ringOf.push(ring[edge]);
    }
  }
  const [low, high, shells, holes] = [kept.low, kept.high, kept.shell, kept.hole].map((list) => Int32Array.from(list));
  return {
    edges: { x: points.x, y: points.y, low, high },
    shell: shells,
    hole: holes,
    ring: Int32Array.from(ringOf),
    merged,
  };
}

/** Each place once, from west to east, and the number of each point's place. */
function numbered(x: Float64Array, y: Float64Array): { x: Float64Array; y: Float64Array; number: Int32Array } {
  const order = new Uint32Array(x.length).map((_, i) => i).sort((a, b) => x[a] - x[b] || y[a] - y[b]);
  const number = new Int32Array(x.length);
  const [xs, ys] = [new Float64Array(x.length), new Float64Array(x.length)];
  let count = 0;
  for (const p of order) {
    if (count === 0 || xs[count - 1] !== x[p] || ys[count - 1] !== y[p]) {
      xs[count] = x[p];
      ys[count] = y[p];
      count++;
    }
    number[p] = count - 1;
  }
  return { x: xs.slice(0, count), y: ys.slice(0, count), number };
}

/** Edges by the lower number of their ends; edges without length are none. */
function byLowerEnd(from: Int32Array, to: Int32Array, number: Int32Array, count: number) {
  const first = new Int32Array(count + 1);
  const lower = (edge: number) => Math.min(number[from[edge]], number[to[edge]]);
  const hasLength = (edge: number) => number[from[edge]] !== number[to[edge]];
  for (let edge = 0; edge < from.length; edge++) if (hasLength(edge)) first[lower(edge) + 1]++;
  for (let p = 0; p < count; p++) first[p + 1] += first[p];
  const next = first.slice();
  const members = new Int32Array(first[count]);
  for (let edge = 0; edge < from.length; edge++) if (hasLength(edge)) members[next[lower(edge)]++] = edge;
  return { first, members };
}

interface Cuts {
  /** New points, numbered after those there are. */
  x: number[];
  y: number[];
  /** Points on each edge that is to be cut. */
  on: Map<number, Set<number>>;
  crossing: Arrangement['crossing'];
}

function cutsOf(edges: EdgeSet, { touches, crossings }: Swept): Cuts {
  const cuts: Cuts = { x: [], y: [], on: new Map(), crossing: null };
  const cut = (edge: number, point: number) => {
    const points = cuts.on.get(edge);
    if (points) points.add(point);
    else cuts.on.set(edge, new Set([point]));
  };
  for (let i = 0; i < touches.length; i += 2) cut(touches[i + 1], touches[i]);
  for (let i = 0; i < crossings.length; i += 2) {
    const place = crossingOf(edges, crossings[i], crossings[i + 1]);
    cuts.crossing ??= place;
    const point = edges.x.length + cuts.x.length;
    cuts.x.push(place[0]);
    cuts.y.push(place[1]);
    cut(crossings[i], point);
    cut(crossings[i + 1], point);
  }
  return cuts;
}

/** Where two edges that cross do, in both of their boxes whatever is rounded. */
function crossingOf({ x, y, low, high }: EdgeSet, e: number, f: number): [number, number] {
  const [a, b, c, d] = [low[e], high[e], low[f], high[f]];
  const [ux, uy, vx, vy] = [x[b] - x[a], y[b] - y[a], x[d] - x[c], y[d] - y[c]];
  const t = ((x[c] - x[a]) * vy - (y[c] - y[a]) * vx) / (ux * vy - uy * vx);
  const middle = (value: number, p: Float64Array) => {
    const ends = [Math.min(p[a], p[b]), Math.min(p[c], p[d]), Math.max(p[a], p[b]), Math.max(p[c], p[d])];
    const [from, to] = [Math.max(ends[0], ends[1]), Math.min(ends[2], ends[3])];
    return Number.isFinite(value) ? Math.min(Math.max(value, from), to) : (from + to) / 2;
  };
  return [middle(x[a] + t * ux, x), middle(y[a] + t * uy, y)];
}

function cutUp({ edges, shell, hole, ring }: OrderedSet, cuts: Cuts): Pieces {
  const known = edges.x.length;
  let count = edges.low.length;
  for (const points of cuts.on.values()) count += points.size;
  const pieces = emptyPieces(known + cuts.x.length, count);
  pieces.x.set(edges.x);
  pieces.y.set(edges.y);
  pieces.x.set(cuts.x, known);
  pieces.y.set(cuts.y, known);
  let at = 0;
  for (let edge = 0; edge < edges.low.length; edge++) {
    const points = cuts.on.get(edge);
    const inside = points === undefined ? [] : along(pieces, edges.low[edge], edges.high[edge], points);
    let from = edges.low[edge];
    for (const to of [...inside, edges.high[edge]]) {
      pieces.from[at] = from;
      pieces.to[at] = to;
      pieces.shell[at] = shell[edge];
      pieces.hole[at] = hole[edge];
      pieces.ring[at] = ring[edge];
      from = to;
      at++;
    }
  }
  return pieces;
}

/** Points on an edge in their order from its one end to the other. */
function along({ x, y }: Pieces, from: number, to: number, points: ReadonlySet<number>): number[] {
  const [dx, dy] = [x[to] - x[from], y[to] - y[from]];
  const distance = (p: number) => (x[p] - x[from]) * dx + (y[p] - y[from]) * dy;
  return [...points].sort((p, q) => distance(p) - distance(q));
}

function counted(set: OrderedSet, swept: Swept, shared: boolean, crossing: Arrangement['crossing']): Arrangement {
  const { edges, shell, hole, ring } = set;
  const count = edges.low.length;
  const [shellsAbove, holesAbove] = [new Int32Array(count), new Int32Array(count)];
  for (const edge of swept.order) {
    const under = swept.below[edge];
    shellsAbove[edge] = shell[edge] + (under < 0 ? 0 : shellsAbove[under]);
    holesAbove[edge] = hole[edge] + (under < 0 ? 0 : holesAbove[under]);
  }
  const { order, below } = swept;
  return { ...edges, order, below, shellsAbove, holesAbove, shellStep: shell, holeStep: hole, ring, shared, crossing };
}
