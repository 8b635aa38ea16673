import type { LonLatBox } from '../../../imagery/grid.ts';

const WEST = 1;
const EAST = 2;
const SOUTH = 4;
const NORTH = 8;

/** Edges of a long ring whose box is known, so that most are passed over at once. */
const CHUNK = 64;
/** Rings of fewer points are read through. */
const LONG = 512;

/** Boxes of the chunks of long rings: west, south, east, north, for as long as the ring lives. */
const chunks = new WeakMap<Float64Array, Float64Array>();

/**
 * A ring pulled onto a box: what lies outside is moved to the box's border, so that it runs round every place inside
 * the box as often, and the same way, as the ring does. What runs beside the box, however many points, becomes one
 * edge or none, and a line from 100 km away is cut where it meets the box. One is used for ring after ring.
 */
export class BoxedRing {
  /** x0, y0, x1, y1, …: the first `length` numbers. The last point repeats the first. */
  points = new Float64Array(256);
  length = 0;
  /** Whether any edge runs inside the box; without one the box lies on one side of the ring. */
  enters = false;
  #box: LonLatBox = { minLon: 0, minLat: 0, maxLon: 0, maxLat: 0 };
  /** Where the edge in hand meets the lines that the box's sides lie on, in order: along it, and which side. */
  readonly #cutAt = new Float64Array(4);
  readonly #cutSide = new Int32Array(4);

  /** Takes the ring in from[start] .. from[end - 1], x0, y0, …, closed. */
  pull(from: Float64Array, start: number, end: number, box: LonLatBox): void {
    this.#box = box;
    this.length = 0;
    this.enters = false;
    const ofChunks = end - start === from.length && from.length >= 2 * LONG ? chunksOf(from) : null;
    let ax = from[start];
    let ay = from[start + 1];
    let a = side(ax, ay, box);
    this.#add(ax, ay);
    // On which sides of the box all points since the last but one that was written lie.
    let beside = 0;
    for (let i = start + 2; i < end; ) {
      let next = i;
      let over = 0;
      if (ofChunks && (i - 2) % (2 * CHUNK) === 0) {
        over = chunkSide(ofChunks, 4 * ((i - 2) / (2 * CHUNK)), box);
        if (over !== 0) next = Math.min(end - 2, i - 2 + 2 * CHUNK);
      }
      const bx = from[next];
      const by = from[next + 1];
      const b = side(bx, by, box);
      const shared = over === 0 ? a & b : over;
      if (shared !== 0) {
        if ((beside & shared) !== 0) this.length -= 2;
        beside = (beside & shared) !== 0 ? beside & shared : shared;
        this.#add(bx, by);
      } else {
        if ((a | b) === 0) this.enters = true;
        else this.#cut(ax, ay, bx, by, a ^ b);
        this.#add(bx, by);
        beside = 0;
      }
      ax = bx;
      ay = by;
      a = b;
      i = next + 2;
    }
  }

  /** How often the ring runs round the box, which no edge enters; anticlockwise positive. */
  turnsRound(): number {
    const { maxLon, minLat, maxLat } = this.#box;
    const middle = (minLat + maxLat) / 2;
    const { points, length } = this;
    let turns = 0;
    for (let i = 2; i < length; i += 2) {
      if (points[i] !== maxLon || points[i - 2] !== maxLon) continue;
      if (points[i - 1] < middle !== points[i + 1] < middle) turns += points[i - 1] < points[i + 1] ? 1 : -1;
    }
    return turns;
  }

  /** Writes where an edge meets the lines of the box's sides; between those it lies on one side of each. */
  #cut(ax: number, ay: number, bx: number, by: number, crossed: number): void {
    const { minLon, minLat, maxLon, maxLat } = this.#box;
    let count = 0;
    if (crossed & WEST) count = this.#insert(count, (minLon - ax) / (bx - ax), WEST);
    if (crossed & EAST) count = this.#insert(count, (maxLon - ax) / (bx - ax), EAST);
    if (crossed & SOUTH) count = this.#insert(count, (minLat - ay) / (by - ay), SOUTH);
    if (crossed & NORTH) count = this.#insert(count, (maxLat - ay) / (by - ay), NORTH);
    let before = 0;
    for (let k = 0; k <= count; k++) {
      const t = k < count ? this.#cutAt[k] : 1;
      const middle = (before + t) / 2;
      if (side(ax + middle * (bx - ax), ay + middle * (by - ay), this.#box) === 0) this.enters = true;
      before = t;
      if (k === count) break;
      const at = this.#cutSide[k];
      const x = at === WEST ? minLon : at === EAST ? maxLon : ax + t * (bx - ax);
      const y = at === SOUTH ? minLat : at === NORTH ? maxLat : ay + t * (by - ay);
      this.#add(x, y);
    }
  }

  #insert(count: number, t: number, which: number): number {
    let k = count;
    for (; k > 0 && this.#cutAt[k - 1] > t; k--) {
      this.#cutAt[k] = this.#cutAt[k - 1];
      this.#cutSide[k] = this.#cutSide[k - 1];
    }
    this.#cutAt[k] = t;
    this.#cutSide[k] = which;
    return count + 1;
  }

  #add(x: number, y: number): void {
    const { minLon, minLat, maxLon, maxLat } = this.#box;
    if (this.length + 2 > this.points.length) this.points = grown(this.points);
    this.points[this.length++] = x < minLon ? minLon : x > maxLon ? maxLon : x;
    this.points[this.length++] = y < minLat ? minLat : y > maxLat ? maxLat : y;
  }
}

/** The same numbers with as much room again. */
export function grown(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

function side(x: number, y: number, box: LonLatBox): number {
  return (x < box.minLon ? WEST : x > box.maxLon ? EAST : 0) | (y < box.minLat ? SOUTH : y > box.maxLat ? NORTH : 0);
}

/** On which sides of the box the whole chunk lies; 0 = it may meet it. */
function chunkSide(boxes: Float64Array, at: number, box: LonLatBox): number {
  return (
    (boxes[at + 2] < box.minLon ? WEST : boxes[at] > box.maxLon ? EAST : 0) |
    (boxes[at + 3] < box.minLat ? SOUTH : boxes[at + 1] > box.maxLat ? NORTH : 0)
  );
}

function chunksOf(ring: Float64Array): Float64Array {
  const known = chunks.get(ring);
  if (known) return known;
  const edges = ring.length / 2 - 1;
  const boxes = new Float64Array(4 * Math.ceil(edges / CHUNK));
  for (let c = 0; 4 * c < boxes.length; c++) {
    const last = Math.min(edges, (c + 1) * CHUNK);
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let p = c * CHUNK; p <= last; p++) {
      west = Math.min(west, ring[2 * p]);
      east = Math.max(east, ring[2 * p]);
      south = Math.min(south, ring[2 * p + 1]);
      north = Math.max(north, ring[2 * p + 1]);
    }
    boxes.set([west, south, east, north], 4 * c);
  }
  chunks.set(ring, boxes);
  return boxes;
}
