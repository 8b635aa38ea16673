import { orientation } from './orientation.ts';
import { SweepStatus } from './sweep-status.ts';

/** Points in order of x, then y, none twice; edges between two of them, from the lower number to the higher, none twice. */
export interface EdgeSet {
  x: Float64Array;
  y: Float64Array;
  low: Int32Array;
  high: Int32Array;
}

/** Most crossings that a sweep looks for: with more, a shape is no outline. */
export const MOST_CROSSINGS = 10_000;

/** What a sweep from west to east found. */
export interface Swept {
  /** Edge by edge in the order they came in; of use only where nothing met. */
  order: Int32Array;
  /** The edge right below each edge where it begins; -1 = none. */
  below: Int32Array;
  /** Points that lie inside an edge: point, edge, point, edge, … */
  touches: number[];
  /** Edges that cross: edge, edge, … Not all of them when there are several, but at least one. */
  crossings: number[];
}

/**
 * Finds where edges meet other than at their ends, after Shamos and Hoey (1976): n log n. Every sign is exact. Of two
 * edges that cross one is left out from there on, so that the order of the others stays true.
 */
export function sweep(edges: EdgeSet): Swept {
  return new Sweep(edges).run();
}

class Sweep {
  readonly #edges: EdgeSet;
  readonly #status: SweepStatus;
  readonly #present: Uint8Array;
  readonly #found: Swept;
  #ordered = 0;

  constructor(edges: EdgeSet) {
    const count = edges.low.length;
    this.#edges = edges;
    this.#status = new SweepStatus(count);
    this.#present = new Uint8Array(count);
    this.#found = { order: new Int32Array(count), below: new Int32Array(count), touches: [], crossings: [] };
  }

  run(): Swept {
    const { x, low, high } = this.#edges;
    const starting = grouped(low, x.length);
    const ending = grouped(high, x.length);
    for (let p = 0; p < x.length && this.#found.crossings.length < 2 * MOST_CROSSINGS; p++) {
      for (let i = ending.first[p]; i < ending.first[p + 1]; i++) this.#remove(ending.members[i]);
      const [from, to] = [starting.first[p], starting.first[p + 1]];
      if (from === to)
        this.#touch(
          p,
          this.#status.find((edge) => this.#side(edge, p)),
        );
      else this.#start(p, starting.members.subarray(from, to));
    }
    return this.#found;
  }

  #start(p: number, edges: Int32Array): void {
    const { low, high } = this.#edges;
    for (const edge of edges) {
      this.#status.insert(edge, (other) => {
        const side = low[other] === p ? 0 : this.#side(other, p);
        return side === 0 ? this.#side(other, high[edge]) : side;
      });
      this.#present[edge] = 1;
    }
    const { below, above } = this.#status;
    let lowest = edges[0];
    while (below[lowest] >= 0 && low[below[lowest]] === p) lowest = below[lowest];
    let highest = lowest;
    for (let edge = lowest; edge >= 0 && low[edge] === p; edge = above[edge]) {
      this.#found.below[edge] = below[edge];
      this.#found.order[this.#ordered++] = edge;
      highest = edge;
    }
    this.#touch(p, below[lowest]);
    this.#touch(p, above[highest]);
    if (below[lowest] >= 0) this.#compare(below[lowest], lowest);
    if (this.#present[highest] === 1 && above[highest] >= 0) this.#compare(highest, above[highest]);
  }

  #remove(edge: number): void {
    if (this.#present[edge] === 0) return;
    const [lower, upper] = [this.#status.below[edge], this.#status.above[edge]];
    this.#status.remove(edge);
    this.#present[edge] = 0;
    if (lower >= 0 && upper >= 0) this.#compare(lower, upper);
  }

  /** Notes the edge, and those next to it, where the point lies inside them. */
  #touch(p: number, edge: number): void {
    for (const way of [this.#status.below, this.#status.above]) {
      for (let other = edge; other >= 0 && this.#passes(other, p); other = way[other]) {
        this.#found.touches.push(p, other);
      }
    }
  }

  #passes(edge: number, p: number): boolean {
    return this.#edges.low[edge] !== p && this.#side(edge, p) === 0;
  }

  #compare(lower: number, upper: number): void {
    if (!this.#cross(lower, upper)) return;
    this.#found.crossings.push(lower, upper);
    this.#remove(upper);
  }

  #cross(a: number, b: number): boolean {
    const { low, high } = this.#edges;
    if (low[a] === low[b] || high[a] === high[b]) return false;
    return (
      opposite(this.#side(a, low[b]), this.#side(a, high[b])) && opposite(this.#side(b, low[a]), this.#side(b, high[a]))
    );
  }

  #side(edge: number, p: number): number {
    const { x, y, low, high } = this.#edges;
    const [a, b] = [low[edge], high[edge]];
    return orientation(x[a], y[a], x[b], y[b], x[p], y[p]);
  }
}

function opposite(a: number, b: number): boolean {
  return (a > 0 && b < 0) || (a < 0 && b > 0);
}

/** The edges of each point. */
function grouped(points: Int32Array, count: number): { first: Int32Array; members: Int32Array } {
  const first = new Int32Array(count + 1);
  for (const p of points) first[p + 1]++;
  for (let p = 0; p < count; p++) first[p + 1] += first[p];
  const next = first.slice();
  const members = new Int32Array(points.length);
  points.forEach((p, edge) => {
    members[next[p]++] = edge;
  });
  return { first, members };
}
