import type { RawGeometry } from '../../geometry/zone-geometry.ts';

const NAMES = [
  ...['Geometry', 'Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon'],
  ...['GeometryCollection', 'CircularString', 'CompoundCurve', 'CurvePolygon', 'MultiCurve', 'MultiSurface'],
  ...['Curve', 'Surface', 'PolyhedralSurface', 'TIN', 'Triangle'],
];
const DIMENSIONS = ['', ' Z', ' M', ' ZM'];
const LINE_STRING = 2;
const POLYGON = 3;
const MULTI_POINT = 4;
const COLLECTION = 7;
const MULTI_SURFACE = 12;
const TRIANGLE = 17;
const DEEPEST = 16;

/**
 * Reads well-known binary (OGC, ISO and PostGIS kinds of Z and M) from byte `at`: heights are left out, and so are the
 * parts of what has no polygons or lines. A collection has the parts of its polygons.
 * @returns the shape, or in the rest of a sentence what is wrong with its bytes
 */
export function readWkb(bytes: Uint8Array, at: number): RawGeometry | string {
  const cursor: Cursor = {
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    at,
    parts: [],
    type: '',
    heights: false,
  };
  try {
    readInto(cursor, 0, true);
  } catch (error) {
    if (error instanceof UnreadableShape) return error.message;
    if (error instanceof RangeError) return 'has a shape whose bytes end before it does';
    throw error;
  }
  return { type: cursor.type, parts: cursor.parts, hadHeights: cursor.heights };
}

class UnreadableShape extends Error {}

interface Cursor {
  view: DataView;
  at: number;
  parts: Float64Array[][];
  /** Of the outermost shape. */
  type: string;
  heights: boolean;
}

/** @param wanted false where only the bytes are to be passed over */
function readInto(cursor: Cursor, depth: number, wanted: boolean): void {
  const { view } = cursor;
  const little = view.getUint8(cursor.at) === 1;
  const word = view.getUint32(cursor.at + 1, little);
  // ISO counts in thousands, PostGIS sets the highest bits.
  const code = word & 0x0fff_ffff;
  const dimension = (Math.floor(code / 1000) % 4) | (word & 0x8000_0000 ? 1 : 0) | (word & 0x4000_0000 ? 2 : 0);
  const type = code % 1000;
  if (type >= NAMES.length || depth > DEEPEST || view.getUint8(cursor.at) > 1) {
    throw new UnreadableShape('has bytes for a shape that are no well-known binary');
  }
  if (depth === 0) cursor.type = NAMES[type] + DIMENSIONS[dimension];
  if (dimension > 0) cursor.heights = true;
  cursor.at += 5 + (word & 0x2000_0000 ? 4 : 0);
  const step = 2 + (dimension & 1) + (dimension >> 1);
  if (type === POLYGON || type === TRIANGLE) readPolygon(cursor, little, step, wanted);
  else if (type === LINE_STRING) {
    const path = readPath(cursor, little, step);
    // Lines among the members of a collection would be taken for shells.
    if (wanted && path.length > 0) cursor.parts.push([path]);
  } else if ((type > MULTI_POINT && type <= COLLECTION) || type === MULTI_SURFACE) {
    const count = countAt(cursor, little, 5);
    for (let i = 0; i < count; i++) readMember(cursor, depth, wanted, type === COLLECTION);
  } else if (depth > 0) {
    // In a collection, points are passed over; after curves nothing can be told.
    if (type === 1) cursor.at += 8 * step;
    else if (type === MULTI_POINT)
      for (let left = countAt(cursor, little, 5); left > 0; left--) readInto(cursor, depth + 1, false);
    else throw new UnreadableShape(`has a ${cursor.type} with a ${NAMES[type]} in it, after which nothing can be told`);
  }
}

function readMember(cursor: Cursor, depth: number, wanted: boolean, isCollection: boolean): void {
  const little = cursor.view.getUint8(cursor.at) === 1;
  const type = (cursor.view.getUint32(cursor.at + 1, little) & 0x0fff_ffff) % 1000;
  const isLine = type === LINE_STRING || type === 5;
  readInto(cursor, depth + 1, wanted && !(isCollection && isLine));
}

function readPolygon(cursor: Cursor, little: boolean, step: number, wanted: boolean): void {
  const count = countAt(cursor, little, 4);
  const rings: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const ring = readPath(cursor, little, step);
    if (ring.length > 0) rings.push(ring);
  }
  if (wanted && rings.length > 0) cursor.parts.push(rings);
}

function readPath(cursor: Cursor, little: boolean, step: number): Float64Array {
  const count = countAt(cursor, little, 8 * step);
  const { view } = cursor;
  const path = new Float64Array(2 * count);
  let { at } = cursor;
  for (let i = 0; i < path.length; i += 2) {
    path[i] = view.getFloat64(at, little);
    path[i + 1] = view.getFloat64(at + 8, little);
    at += 8 * step;
  }
  cursor.at = at;
  return path;
}

/** A count of things of at least so many bytes; more than can be there ends the reading before memory does. */
function countAt(cursor: Cursor, little: boolean, leastBytes: number): number {
  const count = cursor.view.getUint32(cursor.at, little);
  cursor.at += 4;
  if (count * leastBytes > cursor.view.byteLength - cursor.at)
    throw new UnreadableShape('has a shape whose bytes end before it does');
  return count;
}
