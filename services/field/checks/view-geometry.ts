import { groundPixelSizeM } from '../../../imagery/ellipsoid.ts';
import { intersection, toPaths, unionOf } from '../../zones/geometry/clipper.ts';
import { containsPoint } from '../../zones/geometry/point-in-polygon.ts';
import type { ZoneGeometry } from '../../zones/geometry/zone-geometry.ts';
import { distanceM } from '../../zones/overlay/distance.ts';
import { metricPlane } from '../../zones/overlay/metric-plane.ts';
import type { PreparedPatch } from '../../zones/overlay/prepared-patch.ts';

interface Position {
  lon: number;
  lat: number;
}

/** Beyond this a photo was taken somewhere else altogether. */
export const FARTHEST_M = 50_000;
/** Of a degree: the piece of ground whose size is measured. */
const SMALL = 1e-3;
/** Degrees between the corners of a view's far edge. */
const ARC_STEP = 2;
const RADIANS = Math.PI / 180;

/** Metres from a position to the patch's outline, 0 inside it; null beyond 50 km. */
export function metresTo(patch: PreparedPatch, { lon, lat }: Position): number | null {
  if (containsPoint(patch.outline(), lon, lat)) return 0;
  const point: ZoneGeometry = { kind: 'line', parts: [[Float64Array.of(lon, lat, lon, lat)]] };
  return distanceM(patch, point, FARTHEST_M);
}

/** Degrees by which a direction of view misses the patch: 0 where it meets it, or from inside it; at most 180. */
export function degreesOff(patch: PreparedPatch, { lon, lat }: Position, azimuth: number): number {
  if (containsPoint(patch.outline(), lon, lat)) return 0;
  const plane = metricPlane({ minLon: lon, maxLon: lon, minLat: lat, maxLat: lat });
  const to = new Float64Array(2);
  let least = 180;
  for (const [shell] of patch.outline().parts) {
    let before = Number.NaN;
    for (let i = 0; i < shell.length; i += 2) {
      plane.place(shell[i], shell[i + 1], to, 0);
      // How far to the right of the direction of view the corner lies.
      const side = turn(Math.atan2(to[0], to[1]) / RADIANS - azimuth);
      const across = Math.abs(side - before) < 180 && side * before <= 0;
      least = across ? 0 : Math.min(least, Math.abs(side));
      if (least === 0) return 0;
      before = side;
    }
  }
  return least;
}

/** The ground in view: from where it is taken, to both sides of the direction of view, as far as the range. */
export function viewCone({ lon, lat }: Position, azimuth: number, viewDegrees: number, rangeM: number): ZoneGeometry {
  const corner = { originX: lon - SMALL / 2, originY: lat + SMALL / 2 };
  const cell = { width: 1, height: 1, pixelWidth: SMALL, pixelHeight: -SMALL, crs: 'EPSG:4326' };
  const size = groundPixelSizeM({ ...cell, ...corner })!;
  const steps = Math.max(2, Math.ceil(viewDegrees / ARC_STEP));
  const ring = [lon, lat];
  // Anticlockwise, as shells turn.
  for (let k = steps; k >= 0; k--) {
    const bearing = (azimuth - viewDegrees / 2 + (k / steps) * viewDegrees) * RADIANS;
    ring.push(lon + (rangeM * Math.sin(bearing) * SMALL) / size.x, lat + (rangeM * Math.cos(bearing) * SMALL) / size.y);
  }
  return { kind: 'polygon', parts: [[Float64Array.from([...ring, lon, lat])]] };
}

/** Share of the patch, 0–1, that lies in any of the views. Nothing is known of walls, trees and hills between. */
export function shareInView(patch: PreparedPatch, views: readonly ZoneGeometry[]): number {
  const near = views.map((view) => toPaths(patch.nearby(view), patch.plane));
  const seen = unionOf(near.filter((paths) => paths.length > 0));
  if (seen.length === 0) return 0;
  return patch.areaOfPaths(intersection(patch.frame(), seen)) / patch.totalM2;
}

/** Degrees from −180 to 180. */
function turn(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}
