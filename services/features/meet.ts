import type { Geometry, Polygon, Position } from 'geojson';
import { intersects } from '../stac/intersects.ts';

/**
 * True when two GeoJSON geometries share a point, in degrees as on a flat map. Of two areas, or an area and a line, what
 * only touches may count as either; two lines or points meet where they cross or have a position in common.
 */
export function meet(a: Geometry, b: Geometry): boolean {
  const [areasOfA, areasOfB] = [polygonsOf(a), polygonsOf(b)];
  if (areasOfB.length > 0) return areasOfB.some((polygon) => intersects(a, polygon));
  if (areasOfA.length > 0) return areasOfA.some((polygon) => intersects(b, polygon));
  const [linesOfA, linesOfB] = [linesOf(a), linesOf(b)];
  return linesOfA.some((one) => linesOfB.some((other) => touch(one, other)));
}

function polygonsOf(geometry: Geometry): Polygon[] {
  if (geometry.type === 'Polygon') return [geometry];
  if (geometry.type !== 'MultiPolygon') return [];
  return geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
}

function linesOf(geometry: Geometry): Position[][] {
  switch (geometry.type) {
    case 'Point':
      return [[geometry.coordinates]];
    case 'MultiPoint':
      return geometry.coordinates.map((position) => [position]);
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiLineString':
      return geometry.coordinates;
    default:
      return [];
  }
}

function touch(a: readonly Position[], b: readonly Position[]): boolean {
  if (a.length === 1) return lies(a[0], b);
  if (b.length === 1) return lies(b[0], a);
  for (let i = 1; i < a.length; i++) {
    for (let k = 1; k < b.length; k++) if (cross(a[i - 1], a[i], b[k - 1], b[k])) return true;
  }
  return false;
}

function cross(a: Position, b: Position, c: Position, d: Position): boolean {
  if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
  return lies(a, [c, d]) || lies(b, [c, d]) || lies(c, [a, b]) || lies(d, [a, b]);
}

function lies(point: Position, line: readonly Position[]): boolean {
  if (line.length === 1) return point[0] === line[0][0] && point[1] === line[0][1];
  return line.slice(1).some((end, i) => between(point, line[i], end));
}

function between(p: Position, a: Position, b: Position): boolean {
  const inside = (axis: 0 | 1) => p[axis] >= Math.min(a[axis], b[axis]) && p[axis] <= Math.max(a[axis], b[axis]);
  return side(a, b, p) === 0 && inside(0) && inside(1);
}

/** > 0 where c lies left of the line from a to b, < 0 right of it, 0 on it. */
function side([ax, ay]: Position, [bx, by]: Position, [cx, cy]: Position): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
