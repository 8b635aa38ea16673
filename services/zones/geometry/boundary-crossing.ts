import type { Position } from 'geojson';

/** Edges of one or more closed rings, in order of their western end. */
interface Edge {
  a: Position;
  b: Position;
  minX: number;
  maxX: number;
  ring: number;
  index: number;
  /** How many edges the ring has. */
  count: number;
}

/**
 * A place where the boundary of a polygon meets itself other than at the common corner of two following edges, or
 * null. `crosses` tells a real crossing from a mere touch; a crossing is looked for first.
 */
export function boundaryMeeting(rings: readonly Position[][]): { at: Position; crosses: boolean } | null {
  let touch: Position | null = null;
  let open: Edge[] = [];
  for (const edge of edgesOf(rings)) {
    open = open.filter((other) => other.maxX >= edge.minX);
    for (const other of open) {
      const meeting = follows(edge, other) ? null : meet(edge, other);
      if (meeting?.crosses) return meeting;
      touch ??= meeting?.at ?? null;
    }
    open.push(edge);
  }
  return touch && { at: touch, crosses: false };
}

function edgesOf(rings: readonly Position[][]): Edge[] {
  const edges = rings.flatMap((ring, r) =>
    ring.slice(1).map((b, index) => {
      const a = ring[index];
      return { a, b, minX: Math.min(a[0], b[0]), maxX: Math.max(a[0], b[0]), ring: r, index, count: ring.length - 1 };
    }),
  );
  return edges.sort((p, q) => p.minX - q.minX);
}

function follows(p: Edge, q: Edge): boolean {
  const apart = Math.abs(p.index - q.index);
  return p.ring === q.ring && (apart === 1 || apart === p.count - 1);
}

function meet(p: Edge, q: Edge): { at: Position; crosses: boolean } | null {
  if (Math.max(p.a[1], p.b[1]) < Math.min(q.a[1], q.b[1]) || Math.max(q.a[1], q.b[1]) < Math.min(p.a[1], p.b[1]))
    return null;
  const [qa, qb] = [side(p, q.a), side(p, q.b)];
  const [pa, pb] = [side(q, p.a), side(q, p.b)];
  if (qa * qb < 0 && pa * pb < 0) {
    const t = pa / (pa - pb);
    return { at: [p.a[0] + t * (p.b[0] - p.a[0]), p.a[1] + t * (p.b[1] - p.a[1])], crosses: true };
  }
  const ends: [Position, number, Edge][] = [
    [q.a, qa, p],
    [q.b, qb, p],
    [p.a, pa, q],
    [p.b, pb, q],
  ];
  const end = ends.find(([point, offLine, edge]) => offLine === 0 && inBox(point, edge));
  return end ? { at: end[0], crosses: false } : null;
}

/** Twice the area of the triangle on the edge: positive left of it. */
function side({ a, b }: Edge, point: Position): number {
  return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
}

function inBox(point: Position, { a, b, minX, maxX }: Edge): boolean {
  const onY = point[1] >= Math.min(a[1], b[1]) && point[1] <= Math.max(a[1], b[1]);
  return onY && point[0] >= minX && point[0] <= maxX;
}
