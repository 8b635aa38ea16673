import type { RawGeometry } from '../../geometry/zone-geometry.ts';
import { shown } from '../../layer-refusal.ts';

const TYPES = ['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon', 'GeometryCollection'];
const DEEPEST = 16;

/**
 * A GeoJSON geometry as parts; null where there is none, or an empty one. Of a collection only the polygons. Numbers
 * that are none become NaN.
 * @returns the shape, or in the rest of a sentence what is wrong with it
 */
export function readGeojsonGeometry(value: unknown): RawGeometry | string | null {
  if (value === null || value === undefined) return null;
  if (!isObject(value)) return `has the geometry ${shown(value)}; wanted an object or null`;
  const { type } = value;
  if (typeof type !== 'string' || !TYPES.includes(type))
    return `has a geometry of type ${shown(type)}; wanted one of GeoJSON's`;
  const geometry: RawGeometry = { type, parts: [], hadHeights: false };
  const problem = addParts(value, geometry, 0);
  if (problem !== null) return problem;
  return geometry.parts.length === 0 && type !== 'GeometryCollection' && !/Point/.test(type) ? null : geometry;
}

function addParts(value: Record<string, unknown>, into: RawGeometry, depth: number): string | null {
  const { type, coordinates } = value;
  if (type === 'GeometryCollection') return addMembers(value['geometries'], into, depth);
  if (!Array.isArray(coordinates)) return `has ${shown(coordinates)} as coordinates; wanted an array`;
  if (type === 'Polygon') return addPolygon(coordinates, into);
  if (type === 'MultiPolygon') return first(coordinates, (polygon) => addPolygon(polygon, into));
  if (depth > 0) return null;
  if (type === 'LineString') return addLine(coordinates, into);
  return type === 'MultiLineString' ? first(coordinates, (line) => addLine(line, into)) : null;
}

function addMembers(members: unknown, into: RawGeometry, depth: number): string | null {
  if (!Array.isArray(members)) return `has ${shown(members)} as geometries; wanted an array`;
  if (depth > DEEPEST) return `has collections in collections, more than ${DEEPEST}`;
  return first(members, (member) =>
    isObject(member) ? addParts(member, into, depth + 1) : `has ${shown(member)} among its geometries`,
  );
}

function addPolygon(rings: unknown, into: RawGeometry): string | null {
  if (!Array.isArray(rings)) return `has ${shown(rings)} where a polygon's rings belong`;
  const paths: Float64Array[] = [];
  const problem = first(rings, (ring) => addPath(ring, paths, into));
  if (paths.length > 0) into.parts.push(paths);
  return problem;
}

function addLine(line: unknown, into: RawGeometry): string | null {
  const paths: Float64Array[] = [];
  const problem = addPath(line, paths, into);
  if (paths.length > 0) into.parts.push(paths);
  return problem;
}

function addPath(positions: unknown, paths: Float64Array[], into: RawGeometry): string | null {
  if (!Array.isArray(positions)) return `has ${shown(positions)} where a list of positions belongs`;
  const path = new Float64Array(2 * positions.length);
  for (let i = 0; i < positions.length; i++) {
    const position: unknown = positions[i];
    if (!Array.isArray(position)) return `has ${shown(position)} where a position belongs`;
    path[2 * i] = numberOf(position[0]);
    path[2 * i + 1] = numberOf(position[1]);
    if (position.length > 2) into.hadHeights = true;
  }
  if (path.length > 0) paths.push(path);
  return null;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** The first problem that one of the members has. */
function first(members: readonly unknown[], problemOf: (member: unknown) => string | null): string | null {
  for (const member of members) {
    const problem = problemOf(member);
    if (problem !== null) return problem;
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
