import { orientation } from './orientation.ts';

/** Positions nearer than this in both coordinates (0.1 mm) are the same point. */
export const SAME_DEGREES = 1e-9;

/** Most corners for which trying every pair of edges is the fastest way. */
const FEW = 256;

/**
 * Twice the area in square degrees of a ring of few corners that needs no repair, positive when it turns
 * anticlockwise. 0 = it has many corners, or something is the matter with it: open, out of range, no number,
 * repeated points, or edges that meet.
 */
export function turnOfSimpleRing(ring: Float64Array): number {
  const length = ring.length;
  if (length < 8 || length > 2 * FEW + 2 || length % 2 === 1) return 0;
  const x0 = ring[0];
  const y0 = ring[1];
  if (x0 !== ring[length - 2] || y0 !== ring[length - 1]) return 0;
  let twice = 0;
  let ax = ring[length - 4];
  let ay = ring[length - 3];
  let bx = x0;
  let by = y0;
  for (let i = 2; i < length; i += 2) {
    const cx = ring[i];
    const cy = ring[i + 1];
    if (!(cx >= -180 && cx <= 180 && cy >= -90 && cy <= 90)) return 0;
    if (Math.abs(cx - bx) <= SAME_DEGREES && Math.abs(cy - by) <= SAME_DEGREES) return 0;
    if (turnsBack(ax, ay, bx, by, cx, cy)) return 0;
    twice += (bx - x0) * (cy - y0) - (cx - x0) * (by - y0);
    ax = bx;
    ay = by;
    bx = cx;
    by = cy;
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
    const ax = ring[i];
    const ay = ring[i + 1];
    const bx = ring[i + 2];
    const by = ring[i + 3];
    const west = ax < bx ? ax : bx;
    const east = ax < bx ? bx : ax;
    const south = ay < by ? ay : by;
    const north = ay < by ? by : ay;
    const end = i === 0 ? last - 2 : last;
    let cx = ring[i + 4];
    let cy = ring[i + 5];
    for (let k = i + 6; k <= end + 2; k += 2) {
      const dx = ring[k];
      const dy = ring[k + 1];
      const apart =
        (cx > east && dx > east) ||
        (cx < west && dx < west) ||
        (cy > north && dy > north) ||
        (cy < south && dy < south);
      if (!apart && meet(ax, ay, bx, by, cx, cy, dx, dy)) return true;
      cx = dx;
      cy = dy;
    }
  }
  return false;
}

/** Whether the edge from a to b and that from c to d have a point in common, their boxes having one. */
function meet(ax: number, ay: number, bx: number, by: number, cx: number, cy: number, dx: number, dy: number): boolean {
  const c = orientation(ax, ay, bx, by, cx, cy);
  const d = orientation(ax, ay, bx, by, dx, dy);
  if ((c > 0 && d > 0) || (c < 0 && d < 0)) return false;
  const a = orientation(cx, cy, dx, dy, ax, ay);
  const b = orientation(cx, cy, dx, dy, bx, by);
  return !((a > 0 && b > 0) || (a < 0 && b < 0));
}
