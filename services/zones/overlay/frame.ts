import type { LonLatBox } from '../../../imagery/grid.ts';
import type { Plane, PlanePaths } from '../geometry/clipper.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import type { BoxedRing } from './boxed-ring.ts';

/** A zone's rings pulled onto a box, those that go round nothing in it left out. */
export function nearbyRings(geometry: ZoneGeometry, box: LonLatBox, boxed: BoxedRing): ZoneGeometry {
  const parts: Float64Array[][] = [];
  for (const rings of geometry.kind === 'polygon' ? geometry.parts : []) {
    const near: Float64Array[] = [];
    for (const ring of rings) {
      boxed.pull(ring, 0, ring.length, box);
      if (boxed.enters || boxed.turnsRound() !== 0) near.push(boxed.points.slice(0, boxed.length));
      // Without its shell a polygon has no holes.
      else if (near.length === 0) break;
    }
    if (near.length > 0) parts.push(near);
  }
  return { kind: 'polygon', parts };
}

/** Closed and anticlockwise. */
export function ringOfBox({ minLon, minLat, maxLon, maxLat }: LonLatBox): Float64Array {
  return Float64Array.of(minLon, minLat, maxLon, minLat, maxLon, maxLat, minLon, maxLat, minLon, minLat);
}

/** A path of the plane as a closed ring in lon/lat. */
export function ringOfPath(path: PlanePaths[number], { lon, lat, east, north }: Plane): Float64Array {
  const ring = new Float64Array(2 * path.length + 2);
  for (let i = 0; i < path.length; i++) {
    ring[2 * i] = lon + path[i].x / east;
    ring[2 * i + 1] = lat + path[i].y / north;
  }
  ring.copyWithin(2 * path.length, 0, 2);
  return ring;
}
