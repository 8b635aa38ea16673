import { positionProblem } from './coordinate-order.ts';
import { SAME_DEGREES, turnsBack } from './simple-ring.ts';

const METRES_PER_DEGREE = 111_320;

/** What was put right, in words, with how often. */
export class Repairs {
  readonly #times = new Map<string, number>();

  note(what: string, times = 1): void {
    if (times > 0) this.#times.set(what, (this.#times.get(what) ?? 0) + times);
  }

  lines(): string[] {
    return [...this.#times].map(([what, times]) => (times > 1 ? `${what} (${times} times)` : what));
  }
}

/** What is wrong with a position of a path, as the rest of a sentence about the feature; null = nothing. */
export function pathProblem(path: Float64Array): string | null {
  for (let i = 0; i < path.length; i += 2) {
    const [x, y] = [path[i], path[i + 1]];
    if (x >= -180 && x <= 180 && y >= -90 && y <= 90) continue;
    if (Number.isFinite(x) && Number.isFinite(y)) return `has the position [${x}, ${y}]: ${positionProblem(x, y)}`;
    return `has the position [${x}, ${y}]; wanted two finite numbers, longitude and latitude`;
  }
  return null;
}

/**
 * A ring closed, without repeated points and without the tips of spikes that go out and come back the same way. It
 * may come out with fewer than four positions, which is a ring without area.
 */
export function cleanRing(ring: Float64Array, repairs: Repairs): Float64Array {
  const count = ring.length / 2;
  const closed = count > 1 && same(ring, 0, ring, 2 * count - 2);
  if (!closed && count > 0) repairs.note('a ring was closed');
  const kept = new Float64Array(2 * count + 2);
  let n = 0;
  const dropped = { repeats: 0, spikes: 0 };
  for (let i = 0; i < 2 * (closed ? count - 1 : count); i += 2) {
    kept[n] = ring[i];
    kept[n + 1] = ring[i + 1];
    n = withoutLast(kept, 0, n + 2, dropped);
  }
  const [from, to] = withoutSeam(kept, n, dropped);
  repairs.note('a repeated point was dropped', dropped.repeats);
  repairs.note('a spike was cut off', dropped.spikes);
  const clean = new Float64Array(to - from + 2);
  clean.set(kept.subarray(from, to));
  clean.copyWithin(to - from, 0, 2);
  return clean;
}

/** Length of an open ring after dropping its last points as far as they repeat or end a spike. */
function withoutLast(open: Float64Array, from: number, length: number, dropped: { repeats: number; spikes: number }) {
  let n = length;
  for (;;) {
    if (n - from >= 4 && same(open, n - 2, open, n - 4)) {
      dropped.repeats++;
      n -= 2;
    } else if (n - from >= 6 && isSpike(open, n - 6, n - 4, n - 2)) {
      dropped.spikes++;
      open.copyWithin(n - 4, n - 2, n);
      n -= 2;
    } else return n;
  }
}

/** The same where the last point is followed by the first: what is left lies from one index to another. */
function withoutSeam(open: Float64Array, length: number, dropped: { repeats: number; spikes: number }) {
  let [from, to] = [0, length];
  while (to - from >= 6) {
    if (same(open, to - 2, open, from)) {
      dropped.repeats++;
      to -= 2;
    } else if (isSpike(open, to - 4, to - 2, from)) {
      dropped.spikes++;
      to -= 2;
    } else if (isSpike(open, to - 2, from, from + 2)) {
      dropped.spikes++;
      from += 2;
    } else break;
  }
  return [from, to];
}

/** A path without repeated points. */
export function cleanLine(path: Float64Array, repairs: Repairs): Float64Array {
  const kept = new Float64Array(path.length);
  let n = 0;
  for (let i = 0; i < path.length; i += 2) {
    if (n > 0 && same(path, i, kept, n - 2)) continue;
    kept[n++] = path[i];
    kept[n++] = path[i + 1];
  }
  repairs.note('a repeated point was dropped', (path.length - n) / 2);
  return n === path.length ? path : kept.slice(0, n);
}

function same(a: Float64Array, i: number, b: Float64Array, k: number): boolean {
  return Math.abs(a[i] - b[k]) <= SAME_DEGREES && Math.abs(a[i + 1] - b[k + 1]) <= SAME_DEGREES;
}

function isSpike(path: Float64Array, a: number, b: number, c: number): boolean {
  return same(path, a, path, c) || turnsBack(path[a], path[a + 1], path[b], path[b + 1], path[c], path[c + 1]);
}

/** The ring the other way round. */
export function reversed(ring: Float64Array): Float64Array {
  const turned = new Float64Array(ring.length);
  for (let i = 0; i < ring.length; i += 2) {
    turned[i] = ring[ring.length - 2 - i];
    turned[i + 1] = ring[ring.length - 1 - i];
  }
  return turned;
}

/** Roughly, and of straight lon/lat edges: positive when the ring turns anticlockwise. */
export function flatAreaM2(ring: Float64Array): number {
  const [x0, y0] = [ring[0], ring[1]];
  let twice = 0;
  for (let i = 2; i < ring.length; i += 2) {
    twice += (ring[i - 2] - x0) * (ring[i + 1] - y0) - (ring[i] - x0) * (ring[i - 1] - y0);
  }
  return (twice / 2) * squareDegreeM2(y0);
}

/** Roughly how many m² a square degree has at a latitude. */
export function squareDegreeM2(lat: number): number {
  return METRES_PER_DEGREE ** 2 * Math.cos((lat * Math.PI) / 180);
}
