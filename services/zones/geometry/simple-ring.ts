import { orientation } from './orientation.ts';

/** Positions nearer than this in both coordinates (0.1 mm) are the same point. */
export const SAME_DEGREES = 1e-9;

/** Most corners for which trying every pair of edges is the fastest way. */
const FEW = 64;

/**
 * Twice the area in square degrees of a ring of few corners that needs no repair, positive when it turns
 * anticlockwise. 0 = it has many corners, or something is the matter with it: open, out of range, no number,
 * repeated points, or edges that meet.
 */
export function turnOfSimpleRing(ring: Float64Array): number {
  const length = ring.length;
  if (length < 8 || length > 2 * FEW + 2 || length % 2 === 1) return 0;
  if (ring[0] !== ring[length - 2] || ring[1] !== ring[length - 1]) return 0;
  const [x0, y0] = [ring[0], ring[1]];
  let twice = 0;
  for (let i = 0; i < length - 2; i += 2) {
    const [ax, ay, bx, by] = [ring[i], ring[i + 1], ring[i + 2], ring[i + 3]];
    if (!(ax >= -180 && ax <= 180 && ay >= -90 && ay <= 90)) return 0;
    if (Math.abs(bx - ax) <= SAME_DEGREES && Math.abs(by - ay) <= SAME_DEGREES) return 0;
    const after = i + 4 < length ? i + 4 : 2;
    if (turnsBack(ax, ay, bx, by, ring[after], ring[after + 1])) return 0;
    twice += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return edgesMeet(ring) ? 0 : twice;
}

/** Whether the way from a over b to c comes back on itself at b. */
export function turnsBack(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): boolean {
  const onwards = (bx - ax) * (cx - bx) + (by - ay) * (cy - by);
  return onwards < 0 && orientation(ax, ay, bx, by, cx, cy) === 0;
}

/** Whether two edges that do not follow one another have a point in common. */
function edgesMeet(ring: Float64Array): boolean {
  const last = ring.length - 4;
  for (let i = 0; i < last; i += 2) {
    const [ax, ay, bx, by] = [ring[i], ring[i + 1], ring[i + 2], ring[i + 3]];
    const [west, east] = ax < bx ? [ax, bx] : [bx, ax];
    const [south, north] = ay < by ? [ay, by] : [by, ay];
    const end = i === 0 ? last - 2 : last;
    for (let k = i + 4; k <= end; k += 2) {
      const [cx, cy, dx, dy] = [ring[k], ring[k + 1], ring[k + 2], ring[k + 3]];
      if ((cx > east && dx > east) || (cx < west && dx < west)) continue;
      if ((cy > north && dy > north) || (cy < south && dy < south)) continue;
      const [c, d] = [orientation(ax, ay, bx, by, cx, cy), orientation(ax, ay, bx, by, dx, dy)];
      if ((c > 0 && d > 0) || (c < 0 && d < 0)) continue;
      const [a, b] = [orientation(cx, cy, dx, dy, ax, ay), orientation(cx, cy, dx, dy, bx, by)];
      if ((a > 0 && b > 0) || (a < 0 && b < 0)) continue;
      return true;
    }
  }
  return false;
}
