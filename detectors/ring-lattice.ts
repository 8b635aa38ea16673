/** How far rings may be thinned. */
export interface Thinning {
  /** How far, in lattice units, a corner that is left out may lie from the edge that passes it. */
  mostDoubled: number;
  /** Fewest corners a ring keeps. */
  corners: number;
  /** How much the area of a ring may change, as a share of it. */
  areaShare: number;
}

/** Side of a cell of the index of corners, in lattice units: a cell holds a handful. */
const cellSide = 8;
/** Corners are told apart by their number in the lowest digits of a queue's key. */
const keyStep = 2 ** 22;

/**
 * Rings of corners on a lattice of whole numbers, which do not cross one another, thinned so that they still do
 * not. All tests of position are exact in whole numbers below 2⁵³.
 */
export class RingLattice {
  readonly #x: Int32Array;
  readonly #y: Int32Array;
  /** Neighbours in the ring as it stands; -1 where the corner is gone. */
  readonly #previous: Int32Array;
  readonly #next: Int32Array;
  readonly #ringOf: Int32Array;
  /** First corner of each ring, and one past the last ring's. */
  readonly #first: Int32Array;
  readonly #left: Int32Array;
  readonly #areaChange: Float64Array;
  readonly #area: Float64Array;
  readonly #index: CornerIndex;

  /** Rings as x, y, x, y, …, not closed. */
  constructor(rings: readonly Int32Array[]) {
    const corners = rings.reduce((sum, ring) => sum + ring.length / 2, 0);
    if (corners >= keyStep) throw new RangeError(`${corners} corners in one group; ${keyStep} is the end.`);
    this.#x = new Int32Array(corners);
    this.#y = new Int32Array(corners);
    this.#previous = new Int32Array(corners);
    this.#next = new Int32Array(corners);
    this.#ringOf = new Int32Array(corners);
    this.#first = new Int32Array(rings.length + 1);
    this.#left = new Int32Array(rings.length);
    this.#area = new Float64Array(rings.length);
    this.#areaChange = new Float64Array(rings.length);
    let at = 0;
    rings.forEach((ring, r) => {
      const count = ring.length / 2;
      for (let i = 0; i < count; i++) {
        this.#x[at + i] = ring[2 * i];
        this.#y[at + i] = ring[2 * i + 1];
        this.#next[at + i] = at + (i + 1 === count ? 0 : i + 1);
        this.#previous[at + i] = at + (i === 0 ? count - 1 : i - 1);
        this.#ringOf[at + i] = r;
      }
      this.#left[r] = count;
      this.#first[r] = at;
      at += count;
      this.#first[r + 1] = at;
      this.#area[r] = Math.abs(twiceArea(ring));
    });
    this.#index = new CornerIndex(this.#x, this.#y);
  }

  /** A ring as it stands, in pixels (two lattice units each), closed. */
  ring(r: number): Float64Array {
    const ring = new Float64Array(2 * this.#left[r] + 2);
    let n = 0;
    for (let i = this.#first[r]; i < this.#first[r + 1]; i++) {
      if (this.#next[i] < 0) continue;
      ring[n++] = this.#x[i] / 2;
      ring[n++] = this.#y[i] / 2;
    }
    ring[n] = ring[0];
    ring[n + 1] = ring[1];
    return ring;
  }

  /** Leaves out corners, smallest triangle first, those of equal triangles in their order. */
  thin(limits: Thinning): void {
    const queue = new Queue(this.#x.length);
    for (let i = 0; i < this.#x.length; i++) queue.push(this.#key(i));
    while (queue.length > 0) {
      const key = queue.pop();
      const corner = key % keyStep;
      // The corner went, or its triangle is another one by now.
      if (this.#next[corner] < 0 || this.#key(corner) !== key) continue;
      if (!this.#mayGo(corner, limits)) continue;
      const [a, b] = [this.#previous[corner], this.#next[corner]];
      const r = this.#ringOf[corner];
      this.#areaChange[r] += this.#turn(a, corner, b);
      this.#left[r]--;
      this.#next[a] = b;
      this.#previous[b] = a;
      this.#next[corner] = -1;
      this.#index.remove(corner);
      queue.push(this.#key(a));
      queue.push(this.#key(b));
    }
  }

  #key(corner: number): number {
    return Math.abs(this.#turn(this.#previous[corner], corner, this.#next[corner])) * keyStep + corner;
  }

  /** Twice the area of the triangle abc, positive when it turns clockwise on the image. */
  #turn(a: number, b: number, c: number): number {
    const [x, y] = [this.#x, this.#y];
    return (x[b] - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (y[b] - y[a]);
  }

  #mayGo(corner: number, { mostDoubled, corners, areaShare }: Thinning): boolean {
    const r = this.#ringOf[corner];
    if (this.#left[r] <= corners) return false;
    const [a, b] = [this.#previous[corner], this.#next[corner]];
    const change = this.#areaChange[r] + this.#turn(a, corner, b);
    if (Math.abs(change) > areaShare * this.#area[r]) return false;
    return this.#allNear(a, b, r, mostDoubled * mostDoubled) && this.#index.isEmpty(a, corner, b);
  }

  /** True when all corners that a ring had between a and b lie near the edge ab. */
  #allNear(a: number, b: number, r: number, most2: number): boolean {
    const [x, y] = [this.#x, this.#y];
    const dx = x[b] - x[a];
    const dy = y[b] - y[a];
    const length2 = dx * dx + dy * dy;
    const end = this.#first[r + 1];
    for (let i = a + 1 === end ? this.#first[r] : a + 1; i !== b; i = i + 1 === end ? this.#first[r] : i + 1) {
      const px = x[i] - x[a];
      const py = y[i] - y[a];
      const along = px * dx + py * dy;
      const across = px * dy - py * dx;
      if (along <= 0) {
        if (px * px + py * py > most2) return false;
      } else if (along >= length2) {
        if ((px - dx) ** 2 + (py - dy) ** 2 > most2) return false;
      } else if (across * across > most2 * length2) return false;
    }
    return true;
  }
}

function twiceArea(ring: Int32Array): number {
  let sum = 0;
  let [x0, y0] = [ring[ring.length - 2], ring[ring.length - 1]];
  for (let i = 0; i < ring.length; i += 2) {
    sum += x0 * ring[i + 1] - ring[i] * y0;
    x0 = ring[i];
    y0 = ring[i + 1];
  }
  return sum;
}

/** Which corners lie in a triangle: corners by cell, each cell a chain. */
class CornerIndex {
  readonly #x: Int32Array;
  readonly #y: Int32Array;
  readonly #left: number;
  readonly #top: number;
  readonly #columns: number;
  readonly #head: Int32Array;
  readonly #chain: Int32Array;

  constructor(x: Int32Array, y: Int32Array) {
    this.#x = x;
    this.#y = y;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < x.length; i++) {
      left = Math.min(left, x[i]);
      right = Math.max(right, x[i]);
      top = Math.min(top, y[i]);
      bottom = Math.max(bottom, y[i]);
    }
    this.#left = left;
    this.#top = top;
    this.#columns = x.length === 0 ? 0 : Math.floor((right - left) / cellSide) + 1;
    const rows = x.length === 0 ? 0 : Math.floor((bottom - top) / cellSide) + 1;
    this.#head = new Int32Array(this.#columns * rows).fill(-1);
    this.#chain = new Int32Array(x.length);
    for (let i = 0; i < x.length; i++) {
      const cell = this.#cell(i);
      this.#chain[i] = this.#head[cell];
      this.#head[cell] = i;
    }
  }

  remove(corner: number): void {
    const cell = this.#cell(corner);
    if (this.#head[cell] === corner) {
      this.#head[cell] = this.#chain[corner];
      return;
    }
    let at = this.#head[cell];
    while (this.#chain[at] !== corner) at = this.#chain[at];
    this.#chain[at] = this.#chain[corner];
  }

  /** True when no corner but a, b, c lies in the triangle abc or on its rim. */
  isEmpty(a: number, b: number, c: number): boolean {
    const [x, y] = [this.#x, this.#y];
    const [ax, ay, bx, by, cx, cy] = [x[a], y[a], x[b], y[b], x[c], y[c]];
    const x0 = Math.min(ax, bx, cx);
    const x1 = Math.max(ax, bx, cx);
    const y0 = Math.min(ay, by, cy);
    const y1 = Math.max(ay, by, cy);
    const sign = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay) >= 0 ? 1 : -1;
    const firstColumn = Math.floor((x0 - this.#left) / cellSide);
    const lastColumn = Math.floor((x1 - this.#left) / cellSide);
    const lastRow = Math.floor((y1 - this.#top) / cellSide);
    for (let row = Math.floor((y0 - this.#top) / cellSide); row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) {
        for (let p = this.#head[row * this.#columns + column]; p >= 0; p = this.#chain[p]) {
          const px = x[p];
          const py = y[p];
          if (px < x0 || px > x1 || py < y0 || py > y1 || p === a || p === b || p === c) continue;
          if (sign * ((bx - ax) * (py - ay) - (px - ax) * (by - ay)) < 0) continue;
          if (sign * ((cx - bx) * (py - by) - (px - bx) * (cy - by)) < 0) continue;
          if (sign * ((ax - cx) * (py - cy) - (px - cx) * (ay - cy)) < 0) continue;
          return false;
        }
      }
    }
    return true;
  }

  #cell(corner: number): number {
    const column = Math.floor((this.#x[corner] - this.#left) / cellSide);
    return Math.floor((this.#y[corner] - this.#top) / cellSide) * this.#columns + column;
  }
}

/** Numbers, smallest out first: a binary heap. */
class Queue {
  #heap: Float64Array;
  length = 0;

  constructor(room: number) {
    this.#heap = new Float64Array(room + 8);
  }

  push(key: number): void {
    if (this.length === this.#heap.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.#heap);
      this.#heap = larger;
    }
    const heap = this.#heap;
    let at = this.length++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent] <= key) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = key;
  }

  pop(): number {
    const heap = this.#heap;
    const least = heap[0];
    const key = heap[--this.length];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.length) break;
      if (child + 1 < this.length && heap[child + 1] < heap[child]) child++;
      if (heap[child] >= key) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = key;
    return least;
  }
}
