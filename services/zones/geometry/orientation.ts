/**
 * > 0 where c lies left of the line from a to b, < 0 right of it, 0 exactly on it: the sign is never a rounding's.
 * Shewchuk's filter (1997, ccwerrboundA) first, whole numbers where that cannot tell.
 */
export function orientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const left = (ax - cx) * (by - cy);
  const right = (ay - cy) * (bx - cx);
  const det = left - right;
  if (Math.abs(det) >= 3.3306690738754716e-16 * (Math.abs(left) + Math.abs(right))) return det;
  return exactSign(ax, ay, bx, by, cx, cy);
}

/** Degrees in units of 2^-80: whole for every double of 2^-27 or more. */
const UNITS = 2 ** 80;

function exactSign(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const [x, y] = [whole(cx), whole(cy)];
  const det = (whole(ax) - x) * (whole(by) - y) - (whole(ay) - y) * (whole(bx) - x);
  return det > 0n ? 1 : det < 0n ? -1 : 0;
}

function whole(degrees: number): bigint {
  return BigInt(Math.round(degrees * UNITS));
}
