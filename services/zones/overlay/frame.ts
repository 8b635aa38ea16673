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
      if (boxed.enters || boxed.turnsRound() !== 0) near.push(withoutBorderSpikes(boxed, box));
      // Without its shell a polygon has no holes.
      else if (near.length === 0) break;
    }
    if (near.length > 0) parts.push(near);
  }
  return { kind: 'polygon', parts };
}

/** Of points in a row on one side of the box only the first and the last: between them the ring may run to and fro. */
function withoutBorderSpikes({ points, length }: BoxedRing, box: LonLatBox): Float64Array {
  const kept: number[] = [];
  const drop = (at: number) => kept.splice(at, 2);
  for (let i = 0; i + 2 < length; i += 2) {
    kept.push(points[i], points[i + 1]);
    for (let n = kept.length; n > 5 && inARow(kept, n - 6, n - 4, n - 2, box); n = kept.length) drop(n - 4);
  }
  // And where the end meets the beginning.
  for (let n = kept.length; n > 6; n = kept.length) {
    if (inARow(kept, n - 4, n - 2, 0, box)) drop(n - 2);
    else if (inARow(kept, n - 2, 0, 2, box)) drop(0);
    else break;
  }
  kept.push(kept[0], kept[1]);
  return Float64Array.from(kept);
}

function inARow(points: number[], a: number, b: number, c: number, box: LonLatBox): boolean {
  const [x, y] = [points[b], points[b + 1]];
  return (
    (points[a] === x && points[c] === x && (x === box.minLon || x === box.maxLon)) ||
    (points[a + 1] === y && points[c + 1] === y && (y === box.minLat || y === box.maxLat))
  );
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
