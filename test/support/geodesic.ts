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
