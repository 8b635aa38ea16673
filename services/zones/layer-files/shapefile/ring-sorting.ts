interface Ring {
  path: Float64Array;
  /** Place in the record. */
  index: number;
  area: number;
  box: [minX: number, minY: number, maxX: number, maxY: number];
  inside: Ring | null;
  depth: number;
}

/** Vertices of a ring that are asked on which side of another they lie. */
const VOTERS = 8;
/** Rings over more columns than this are looked at for every place. */
const MOST_COLUMNS = 16;

/**
 * Sorts the rings of a shapefile polygon into polygons, shell first. A shapefile says by orientation what is a hole
 * (anticlockwise), but many writers do not keep to it: what lies in an odd number of other rings is a hole of the
 * smallest of them. Orientation decides only where containment is in the balance.
 */
export function sortRings(rings: Float64Array[]): Float64Array[][] {
  if (rings.length < 2) return rings.length === 0 ? [] : [rings];
  const described = rings.map(describe);
  nest(described);
  const polygons = new Map<Ring, Float64Array[]>();
  for (const ring of described) if (ring.depth % 2 === 0) polygons.set(ring, [ring.path]);
  for (const ring of described) if (ring.depth % 2 === 1) polygons.get(ring.inside!)!.push(ring.path);
  return [...polygons.values()];
}

/** Twice the signed area, positive where the ring runs anticlockwise. */
export function doubleArea(path: Float64Array): number {
  const [x0, y0] = path;
  let sum = 0;
  for (let i = 2; i + 3 < path.length; i += 2) {
    sum += (path[i] - x0) * (path[i + 3] - y0) - (path[i + 2] - x0) * (path[i + 1] - y0);
  }
  return sum;
}

function describe(path: Float64Array, index: number): Ring {
  const box: Ring['box'] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < path.length; i += 2) {
    if (path[i] < box[0]) box[0] = path[i];
    if (path[i + 1] < box[1]) box[1] = path[i + 1];
    if (path[i] > box[2]) box[2] = path[i];
    if (path[i + 1] > box[3]) box[3] = path[i + 1];
  }
  return { path, index, area: doubleArea(path), box, inside: null, depth: 0 };
}

/** Finds the smallest ring that each one lies in, from the largest ring to the smallest. */
function nest(rings: readonly Ring[]): void {
  const bySize = [...rings].sort((a, b) => Math.abs(b.area) - Math.abs(a.area) || a.index - b.index);
  const columns = new Columns(rings);
  for (const ring of bySize) {
    let smallest: Ring | null = null;
    for (const other of columns.at(ring.box[0])) {
      if (smallest !== null && Math.abs(other.area) > Math.abs(smallest.area)) continue;
      if (boxWithin(ring, other) && liesIn(ring, other)) smallest = other;
    }
    ring.inside = smallest;
    ring.depth = smallest === null ? 0 : smallest.depth + 1;
    columns.add(ring);
  }
}

/** Rings by the columns of x that they reach over, so that a hundred thousand islands are not each held to each. */
class Columns {
  private readonly lists: Ring[][];
  private readonly wide: Ring[] = [];
  private readonly first: number;
  private readonly width: number;

  constructor(rings: readonly Ring[]) {
    let [min, max] = [Infinity, -Infinity];
    for (const { box } of rings) {
      if (box[0] < min) min = box[0];
      if (box[2] > max) max = box[2];
    }
    const count = Math.min(4096, Math.ceil(rings.length / 8));
    this.first = min;
    this.width = max > min ? (max - min) / count : 1;
    this.lists = Array.from({ length: count + 1 }, () => []);
  }

  add(ring: Ring): void {
    const [from, to] = [this.column(ring.box[0]) - 1, this.column(ring.box[2])];
    if (!(to - from <= MOST_COLUMNS)) this.wide.push(ring);
    else for (let i = Math.max(0, from); i <= to; i++) this.lists[i].push(ring);
  }

  *at(x: number): Iterable<Ring> {
    yield* this.wide;
    yield* this.lists[this.column(x)] ?? [];
  }

  private column(x: number): number {
    const column = Math.floor((x - this.first) / this.width);
    return column >= 0 && column < this.lists.length ? column : 0;
  }
}

/** A hole that touches its shell may stand over it by a rounding. */
function slackOf(box: Ring['box']): number {
  return 1e-9 * (box[2] - box[0] + box[3] - box[1]);
}

function boxWithin({ box: a }: Ring, { box: b }: Ring): boolean {
  const slack = slackOf(b);
  return a[0] >= b[0] - slack && a[1] >= b[1] - slack && a[2] <= b[2] + slack && a[3] <= b[3] + slack;
}

/** Most of the vertices that are not on the other's edge lie inside it; where none says, the middles of edges do. */
function liesIn(ring: Ring, other: Ring): boolean {
  const { path } = ring;
  const corners = path.length / 2 - 1;
  const step = Math.max(1, Math.floor(corners / VOTERS));
  let votes = 0;
  for (let i = 0; i < corners; i += step) votes += sideOf(other, path[2 * i], path[2 * i + 1]);
  for (let i = 0; votes === 0 && i < corners; i += step) {
    votes += sideOf(other, (path[2 * i] + path[2 * i + 2]) / 2, (path[2 * i + 1] + path[2 * i + 3]) / 2);
  }
  return votes === 0 ? ring.area > 0 && other.area < 0 : votes > 0;
}

/** 1 inside, −1 outside, 0 on the edge. */
function sideOf({ path, box }: Ring, x: number, y: number): number {
  const slack = slackOf(box);
  let inside = false;
  for (let i = 0; i + 3 < path.length; i += 2) {
    const [ax, ay, bx, by] = [path[i], path[i + 1], path[i + 2], path[i + 3]];
    const turn = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
    if (Math.abs(turn) <= slack * (Math.abs(bx - ax) + Math.abs(by - ay))) {
      const alongX = x >= Math.min(ax, bx) - slack && x <= Math.max(ax, bx) + slack;
      if (alongX && y >= Math.min(ay, by) - slack && y <= Math.max(ay, by) + slack) return 0;
    }
    if (ay > y !== by > y && turn > 0 === by > ay) inside = !inside;
  }
  return inside ? 1 : -1;
}
