import geographiclib from 'geographiclib-geodesic';
import type { Position } from 'geojson';

/** Charles Karney's geodesic routines on CGCS2000: the oracle for areas and distances. */
const ellipsoid = new geographiclib.Geodesic.Geodesic(6378137, 1 / 298.257222101);

/** Signed area in m² of a closed lon/lat ring joined by geodesics, anticlockwise positive. */
export function geodesicAreaM2(ring: readonly Position[]): number {
  const polygon = ellipsoid.Polygon(false);
  for (const [lon, lat] of ring.slice(1)) polygon.AddPoint(lat, lon);
  return polygon.Compute(false, true).area!;
}

export function geodesicDistanceM(from: Position, to: Position): number {
  return ellipsoid.Inverse(from[1], from[0], to[1], to[0]).s12!;
}

/** Where one comes to from a place, so many metres in a direction. */
export function direct(
  from: { lon: number; lat: number },
  azimuth: number,
  metres: number,
): { lon: number; lat: number } {
  const { lat2, lon2 } = ellipsoid.Direct(from.lat, from.lon, azimuth, metres);
  return { lon: lon2!, lat: lat2! };
}
