const NONE = -1;

/** Which side of an edge in the status something lies on: > 0 above it. */
export type SideOf = (edge: number) => number;

/**
 * The edges that a sweep is crossing, from bottom to top: a treap over edge numbers, so that n edges take
 * n log n however they lie, with neighbours linked.
 */
export class SweepStatus {
  /** The edge below and above each edge; -1 = none. */
  readonly below: Int32Array;
  readonly above: Int32Array;
  #root = NONE;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #parent: Int32Array;

  constructor(edges: number) {
    this.below = new Int32Array(edges).fill(NONE);
    this.above = new Int32Array(edges).fill(NONE);
    this.#left = new Int32Array(edges).fill(NONE);
    this.#right = new Int32Array(edges).fill(NONE);
    this.#parent = new Int32Array(edges).fill(NONE);
  }

  /** Goes down the tree until `side` says 0 or there is nothing more; the last edge seen, -1 when there is none. */
  find(side: SideOf): number {
    let last = NONE;
    for (let node = this.#root; node !== NONE; ) {
      last = node;
      const where = side(node);
      if (where === 0) return node;
      node = where > 0 ? this.#right[node] : this.#left[node];
    }
    return last;
  }

  insert(edge: number, side: SideOf): void {
    let parent = NONE;
    let isAbove = false;
    for (let node = this.#root; node !== NONE; ) {
      parent = node;
      isAbove = side(node) >= 0;
      node = isAbove ? this.#right[node] : this.#left[node];
    }
    this.#parent[edge] = parent;
    if (parent === NONE) this.#root = edge;
    else if (isAbove) {
      this.#right[parent] = edge;
      this.#link(edge, this.above[parent]);
      this.#link(parent, edge);
    } else {
      this.#left[parent] = edge;
      this.#link(this.below[parent], edge);
      this.#link(edge, parent);
    }
    while (this.#parent[edge] !== NONE && priority(this.#parent[edge]) < priority(edge)) this.#rotateUp(edge);
  }

  remove(edge: number): void {
    for (;;) {
      const [left, right] = [this.#left[edge], this.#right[edge]];
      if (left === NONE && right === NONE) break;
      const leftWins = right === NONE || (left !== NONE && priority(left) > priority(right));
      this.#rotateUp(leftWins ? left : right);
    }
    this.#replace(this.#parent[edge], edge, NONE);
    this.#parent[edge] = NONE;
    this.#link(this.below[edge], this.above[edge]);
    this.below[edge] = NONE;
    this.above[edge] = NONE;
  }

  #link(lower: number, upper: number): void {
    if (lower !== NONE) this.above[lower] = upper;
    if (upper !== NONE) this.below[upper] = lower;
  }

  #rotateUp(child: number): void {
    const parent = this.#parent[child];
    const grand = this.#parent[parent];
    const [near, far] = this.#left[parent] === child ? [this.#left, this.#right] : [this.#right, this.#left];
    const moved = far[child];
    near[parent] = moved;
    if (moved !== NONE) this.#parent[moved] = parent;
    far[child] = parent;
    this.#parent[parent] = child;
    this.#replace(grand, parent, child);
    this.#parent[child] = grand;
  }

  #replace(parent: number, old: number, by: number): void {
    if (parent === NONE) this.#root = by;
    else if (this.#left[parent] === old) this.#left[parent] = by;
    else this.#right[parent] = by;
  }
}

/** As good as random, and the same on every run. */
function priority(edge: number): number {
  let t = Math.imul(edge ^ (edge >>> 15), 0x2c1b3c6d);
  t = Math.imul(t ^ (t >>> 12), 0x297a2d39);
  return t ^ (t >>> 15);
}
