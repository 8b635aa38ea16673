import type { RawGeometry } from '../../geometry/zone-geometry.ts';
import { sortRings } from './ring-sorting.ts';

export interface ReadShape {
  geometry: RawGeometry | null;
  damage: string | null;
}

const NAMES: Record<number, string> = { 1: 'Point', 3: 'LineString', 5: 'Polygon', 8: 'MultiPoint', 31: 'MultiPatch' };
const EMPTY: ReadShape = { geometry: null, damage: null };

/** What a shape type is called; null = none of the format's. 1x has Z and M, 2x has M. */
export function shapeTypeName(type: number): string | null {
  if (type === 0) return 'Null';
  if (type === 31) return NAMES[31];
  const name = type < 30 ? NAMES[type % 10] : undefined;
  if (name === undefined) return null;
  return name + (type > 20 ? ' M' : type > 10 ? ' Z' : '');
}

/**
 * Reads the content of a record (without its header of 8 bytes), `length` bytes from `at`. Heights are left out.
 * Points, multi-points and multi-patches have a type but no parts.
 */
export function readShape(bytes: Buffer, at: number, length: number): ReadShape {
  if (length < 4) return damaged(`has a shape of ${length} bytes, too few for a type`);
  const type = bytes.readInt32LE(at);
  if (type === 0) return EMPTY;
  const name = shapeTypeName(type);
  if (name === null) return damaged(`has shape type ${type}, which is none`);
  const hadHeights = type > 10 && type !== 31;
  const isPolygon = type % 10 === 5 && type < 30;
  if (!isPolygon && type % 10 !== 3) return { geometry: { type: name, parts: [], hadHeights }, damage: null };
  if (length < 44) return damaged(`has a ${name} of ${length} bytes, too few for one`);
  const partCount = bytes.readInt32LE(at + 36);
  const pointCount = bytes.readInt32LE(at + 40);
  if (partCount < 0 || pointCount < 0 || 44 + 4 * partCount + 16 * pointCount > length) {
    return damaged(`has a ${name} of ${partCount} parts and ${pointCount} points in ${length} bytes, too few for them`);
  }
  const paths = readPaths(bytes, at + 44, partCount, pointCount);
  if (paths === null) return damaged(`has a ${name} whose parts begin at points that are not there`);
  if (paths.length === 0) return EMPTY;
  const parts = isPolygon ? sortRings(paths) : paths.map((path) => [path]);
  return { geometry: { type: parts.length > 1 ? `Multi${name}` : name, parts, hadHeights }, damage: null };
}

/** A path per part, those without points left out; null where the beginnings of the parts make no sense. */
function readPaths(bytes: Buffer, at: number, partCount: number, pointCount: number): Float64Array[] | null {
  const pointsAt = bytes.byteOffset + at + 4 * partCount;
  const paths: Float64Array[] = [];
  for (let part = 0; part < partCount; part++) {
    const start = bytes.readInt32LE(at + 4 * part);
    const end = part + 1 < partCount ? bytes.readInt32LE(at + 4 * part + 4) : pointCount;
    if (start < 0 || end < start || end > pointCount || (part === 0 && start !== 0)) return null;
    if (end > start) paths.push(new Float64Array(bytes.buffer.slice(pointsAt + 16 * start, pointsAt + 16 * end)));
  }
  return partCount === 0 && pointCount > 0 ? null : paths;
}

function damaged(damage: string): ReadShape {
  return { geometry: null, damage };
}
