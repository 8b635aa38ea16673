/** Segments searched together: most are out of reach together. */
const CHUNK = 16;

/** Segments of outlines in a plane, for asking how far other segments are from them. */
export class Segments {
  /** x0, y0, x1, y1 of each. */
  readonly #ends: Float64Array;
  /** West, south, east, north of each chunk, and then of all. */
  readonly #boxes: Float64Array;

  /** @param rings closed: x0, y0, x1, y1, … */
  constructor(rings: readonly Float64Array[]) {
    this.#ends = new Float64Array(rings.reduce((sum, ring) => sum + 2 * Math.max(0, ring.length - 2), 0));
    let count = 0;
    for (const ring of rings) {
      for (let i = 2; i < ring.length; i += 2, count += 4) {
        for (let k = 0; k < 4; k++) this.#ends[count + k] = ring[i - 2 + k];
      }
    }
    const chunks = Math.ceil(count / (4 * CHUNK));
    this.#boxes = new Float64Array(4 * chunks + 4);
    for (let c = 0; c < chunks; c++) this.#boxes.set(boxOf(this.#ends, 4 * CHUNK * c, 4 * CHUNK * (c + 1)), 4 * c);
    this.#boxes.set(boxOf(this.#ends, 0, count), 4 * chunks);
  }

  /** The least a segment's distance from any of these can be: that of the two boxes. */
  atLeast(ax: number, ay: number, bx: number, by: number): number {
    return boxDistance(this.#boxes, this.#boxes.length - 4, ax, ay, bx, by);
  }

  /** Distance of a segment from the nearest of these where it is below a limit, else the limit. */
  distance(ax: number, ay: number, bx: number, by: number, limit: number): number {
    const ends = this.#ends;
    let best = limit;
    for (let c = 0; 4 * c < this.#boxes.length - 4; c++) {
      if (boxDistance(this.#boxes, 4 * c, ax, ay, bx, by) >= best) continue;
      const last = Math.min(ends.length, 4 * CHUNK * (c + 1));
      for (let i = 4 * CHUNK * c; i < last; i += 4) {
        const one = between(ax, ay, bx, by, ends[i], ends[i + 1], ends[i + 2], ends[i + 3]);
        if (one < best) best = one;
      }
    }
    return best;
  }

  /** Whether a point lies inside, where these are the whole outline of something. */
  surround(x: number, y: number): boolean {
    const ends = this.#ends;
    let inside = false;
    for (let i = 0; i < ends.length; i += 4) {
      const [ax, ay, bx, by] = [ends[i], ends[i + 1], ends[i + 2], ends[i + 3]];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
    return inside;
  }
}

function boxOf(ends: Float64Array, from: number, to: number): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = from; i < Math.min(to, ends.length); i += 2) {
    box[0] = Math.min(box[0], ends[i]);
    box[1] = Math.min(box[1], ends[i + 1]);
    box[2] = Math.max(box[2], ends[i]);
    box[3] = Math.max(box[3], ends[i + 1]);
  }
  return box;
}

function boxDistance(boxes: Float64Array, at: number, ax: number, ay: number, bx: number, by: number): number {
  const east = Math.max(boxes[at] - Math.max(ax, bx), Math.min(ax, bx) - boxes[at + 2], 0);
  const north = Math.max(boxes[at + 1] - Math.max(ay, by), Math.min(ay, by) - boxes[at + 3], 0);
  return east === 0 ? north : north === 0 ? east : Math.sqrt(east * east + north * north);
}

/** Distance of segment ab from segment cd; 0 where they meet. */
function between(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): number {
  const c = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  const d = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax);
  const a = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx);
  const b = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx);
  if (((c > 0 && d < 0) || (c < 0 && d > 0)) && ((a > 0 && b < 0) || (a < 0 && b > 0))) return 0;
  const least = Math.min(
    toSegment(ax, ay, cx, cy, dx, dy),
    toSegment(bx, by, cx, cy, dx, dy),
    toSegment(cx, cy, ax, ay, bx, by),
    toSegment(dx, dy, ax, ay, bx, by),
  );
  return Math.sqrt(least);
}

/** Square of the distance of a point from segment ab. */
function toSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [ux, uy] = [bx - ax, by - ay];
  const square = ux * ux + uy * uy;
  const along = square > 0 ? ((x - ax) * ux + (y - ay) * uy) / square : 0;
  const t = along < 0 ? 0 : along > 1 ? 1 : along;
  const [px, py] = [x - ax - t * ux, y - ay - t * uy];
  return px * px + py * py;
}
