import type { Geometry, Polygon, Position } from 'geojson';
import { contains } from '../zones/geometry/point-in-polygon.ts';

/**
 * True when a GeoJSON geometry and a polygon share a point, in degrees as on a flat map; what only
 * touches may count as either.
 */
export function intersects(geometry: Geometry, polygon: Polygon): boolean {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.some((one) => intersects(one, polygon));
  const lines = linesOf(geometry);
  if (lines.some((line) => line.some((position) => contains(polygon, position)))) return true;
  if (polygon.coordinates.some((ring) => lines.some((line) => cross(line, ring)))) return true;
  const isArea = geometry.type === 'Polygon' || geometry.type === 'MultiPolygon';
  return isArea && contains(geometry, polygon.coordinates[0][0]);
}

/** The lines of a geometry; a point is a line of one position. */
function linesOf(geometry: Exclude<Geometry, { type: 'GeometryCollection' }>): Position[][] {
  switch (geometry.type) {
    case 'Point':
      return [[geometry.coordinates]];
    case 'MultiPoint':
      return geometry.coordinates.map((position) => [position]);
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiPolygon':
      return geometry.coordinates.flat();
    default:
      return geometry.coordinates;
  }
}

function cross(line: readonly Position[], ring: readonly Position[]): boolean {
  for (let i = 1; i < line.length; i++) {
    for (let k = 1; k < ring.length; k++) {
      const [a, b, c, d] = [line[i - 1], line[i], ring[k - 1], ring[k]];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}

/** > 0 where c lies left of the line from a to b, < 0 right of it, 0 on it. */
function side([ax, ay]: Position, [bx, by]: Position, [cx, cy]: Position): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
