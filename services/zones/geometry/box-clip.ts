/**
 * An open ring (x0, y0, …, the first point not repeated) cut to the square |x| ≤ limit, |y| ≤ limit, after Sutherland
 * and Hodgman: where it leaves the square it follows the square's side. It turns as before. An edge is cut at the same
 * point whichever way it runs.
 */
export function clipRing(ring: Float64Array, limit: number): Float64Array {
  let points = ring;
  for (const axis of [0, 1] as const) {
    for (const sign of [1, -1] as const) {
      if (points.length > 0) points = clipSide(points, axis, sign, limit);
    }
  }
  return points;
}

/** Keeps what has sign · coordinate ≤ limit. */
function clipSide(ring: Float64Array, axis: 0 | 1, sign: 1 | -1, limit: number): Float64Array {
  const kept: number[] = [];
  const border = sign * limit;
  let last = ring.length - 2;
  for (let i = 0; i < ring.length; i += 2) {
    const [inside, wasInside] = [sign * ring[i + axis] <= limit, sign * ring[last + axis] <= limit];
    if (inside !== wasInside) {
      const across = crossing(ring, last, i, axis, border);
      if (axis === 0) kept.push(border, across);
      else kept.push(across, border);
    }
    if (inside) kept.push(ring[i], ring[i + 1]);
    last = i;
  }
  return Float64Array.from(kept);
}

/** The other coordinate where the edge between two points meets the border. */
function crossing(ring: Float64Array, i: number, k: number, axis: 0 | 1, border: number): number {
  const [a, b] = ring[i + axis] < ring[k + axis] ? [i, k] : [k, i];
  const t = (border - ring[a + axis]) / (ring[b + axis] - ring[a + axis]);
  return ring[a + 1 - axis] + t * (ring[b + 1 - axis] - ring[a + 1 - axis]);
}
