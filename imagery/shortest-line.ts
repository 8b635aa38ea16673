import type { Position } from 'geojson';
import { radiiM } from './ellipsoid.ts';

/** Farthest, in metres, that a straight line in lon/lat may be from the shortest line it stands for. */
const BOW_M = 0.005;

const RADIANS = Math.PI / 180;

/**
 * A lon/lat ring whose corners are joined by shortest lines (what its area is taken inside of, see ellipsoid.ts),
 * with points put on those lines until straight lon/lat pieces follow them to 5 mm. An edge under about 600 m
 * needs none; a 5 km one gets seven.
 */
export function followShortestLines(ring: readonly Position[]): Position[] {
  const followed: Position[] = ring.length > 0 ? [ring[0]] : [];
  for (let i = 1; i < ring.length; i++) follow(ring[i - 1], ring[i], followed);
  return followed;
}

/**
 * Halves the edge at its middle longitude, where the shortest line is nearer the pole than the straight one by
 * sin φ · (Δeast² + 2·Δnorth²) / 8r (second derivative of φ(λ) from Clairaut's relation). Seen across the edge
 * that is the bow; four times smaller at each halving.
 */
function follow(from: Position, to: Position, followed: Position[]): void {
  const lat = (from[1] + to[1]) / 2;
  const { parallel, meridian } = radiiM(lat);
  const east = parallel * (to[0] - from[0]) * RADIANS;
  const north = meridian * (to[1] - from[1]) * RADIANS;
  const length = Math.hypot(east, north);
  const polewardM = (Math.sin(lat * RADIANS) * (east * east + 2 * north * north)) / (8 * parallel);
  if (Math.abs(polewardM * east) > BOW_M * length) {
    const middle = [(from[0] + to[0]) / 2, lat + polewardM / meridian / RADIANS];
    follow(from, middle, followed);
    follow(middle, to, followed);
  } else followed.push(to);
}
