import type { RawGeometry } from '../../geometry/zone-geometry.ts';
import { refuseLayer } from '../../layer-refusal.ts';
import { bytesAt } from '../file-bytes.ts';
import type { FieldValue, RawFeature } from '../layer-file.ts';
import { type FlatgeobufReading, nameOf } from '../layer-reading.ts';
import { FlatTable } from './flat-table.ts';

/** A stretch of the file that holds whole features, each with its length before it. */
export interface FlatgeobufPlace {
  start: number;
  end: number;
}

const TYPES = [
  ...['Geometry', 'Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon'],
  ...['GeometryCollection', 'CircularString', 'CompoundCurve', 'CurvePolygon', 'MultiCurve', 'MultiSurface'],
  ...['Curve', 'Surface', 'PolyhedralSurface', 'TIN', 'Triangle'],
];
const [LINE_STRING, POLYGON, MULTI_LINE_STRING, MULTI_POLYGON, COLLECTION, MULTI_SURFACE] = [2, 3, 5, 6, 7, 12];
const DEEPEST = 16;
/** Fields of the format's tables, by their numbers. */
const FEATURE = { geometry: 0, properties: 1 };
const GEOMETRY = { ends: 0, xy: 1, z: 2, m: 3, type: 6, parts: 7 };
const LARGEST = 999_999_999_999_999;

type Column = { name: string; type: number; asText: boolean };

/** The features of a stretch; ids are their places in the file. @throws ServiceError layer-invalid */
export function readFlatgeobuf(reading: FlatgeobufReading, place: FlatgeobufPlace, firstIndex: number): RawFeature[] {
  const bytes = bytesAt(reading.file, place.start, place.end - place.start);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columns = reading.columns.map(({ name, type }) => ({
    name: nameOf(reading, name),
    type,
    asText: reading.asText.includes(name),
  }));
  const features: RawFeature[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4 + view.getUint32(at, true)) {
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.length)
      refuseLayer(reading.path, null, `ends within feature ${firstIndex + features.length}`);
    features.push(featureAt(bytes, at + 4, length, reading, columns, firstIndex + features.length));
  }
  return features;
}

function featureAt(
  bytes: Buffer,
  at: number,
  length: number,
  reading: FlatgeobufReading,
  columns: Column[],
  index: number,
): RawFeature {
  const feature: RawFeature = { index, fid: null, properties: {}, geometry: null, damage: null };
  try {
    const root = FlatTable.root(new DataView(bytes.buffer, bytes.byteOffset + at, length), 0);
    const properties = root.vector(FEATURE.properties, 1);
    if (properties !== null) {
      const own = bytes.subarray(at + properties.at, at + properties.at + properties.length);
      feature.properties = propertiesOf(own, columns, (column) => refuseText(reading, index, column));
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, length);
    const geometry = root.table(FEATURE.geometry);
    if (geometry !== null) feature.geometry = geometryOf(geometry, view, reading);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    feature.geometry = null;
    feature.damage = 'has bytes that are no whole FlatGeobuf feature';
  }
  return feature;
}

function geometryOf(table: FlatTable, view: DataView, reading: FlatgeobufReading): RawGeometry | null {
  const type = reading.geometryType === 0 ? table.byte(GEOMETRY.type) : reading.geometryType;
  const parts: Float64Array[][] = [];
  addParts(table, view, type, parts, 0);
  const name = TYPES[type] ?? `Geometry ${type}`;
  const hasParts = [LINE_STRING, POLYGON, MULTI_LINE_STRING, MULTI_POLYGON].includes(type);
  if (hasParts && parts.length === 0) return null;
  const hadHeights = reading.hasHeights || table.vector(GEOMETRY.z, 8) !== null || table.vector(GEOMETRY.m, 8) !== null;
  return { type: name, parts, hadHeights };
}

function addParts(table: FlatTable, view: DataView, type: number, parts: Float64Array[][], depth: number): void {
  if (depth > DEEPEST) throw new RangeError('too deep');
  if (type === POLYGON) {
    const rings = pathsOf(table, view);
    if (rings.length > 0) parts.push(rings);
  } else if (depth === 0 && (type === LINE_STRING || type === MULTI_LINE_STRING)) {
    for (const path of pathsOf(table, view)) parts.push([path]);
  } else if (type === MULTI_POLYGON || type === COLLECTION || type === MULTI_SURFACE) {
    for (const part of table.tables(GEOMETRY.parts)) {
      // Parts of a collection state their own types; those of a multi-polygon need not.
      const own = type === MULTI_POLYGON ? POLYGON : part.byte(GEOMETRY.type);
      if (own !== LINE_STRING && own !== MULTI_LINE_STRING) addParts(part, view, own, parts, depth + 1);
    }
  }
}

/** Paths of a table: its points, cut where `ends` says. */
function pathsOf(table: FlatTable, view: DataView): Float64Array[] {
  const xy = table.vector(GEOMETRY.xy, 8);
  if (xy === null || xy.length === 0) return [];
  const ends = table.vector(GEOMETRY.ends, 4);
  const paths: Float64Array[] = [];
  let start = 0;
  const count = ends === null || ends.length === 0 ? 1 : ends.length;
  for (let i = 0; i < count; i++) {
    const end = ends === null || ends.length === 0 ? xy.length / 2 : view.getUint32(ends.at + 4 * i, true);
    if (end < start || 2 * end > xy.length) throw new RangeError('ends past the points');
    const path = new Float64Array(2 * (end - start));
    for (let k = 0; k < path.length; k++) path[k] = view.getFloat64(xy.at + 16 * start + 8 * k, true);
    if (path.length > 0) paths.push(path);
    start = end;
  }
  return paths;
}

function propertiesOf(
  bytes: Buffer,
  columns: Column[],
  notUtf8: (column: string) => never,
): Record<string, FieldValue> {
  const properties: Record<string, FieldValue> = {};
  for (const { name } of columns) properties[name] = null;
  for (let at = 0; at + 2 <= bytes.length; ) {
    const column = columns[bytes.readUInt16LE(at)];
    if (column === undefined) throw new RangeError('a column that is none');
    const [value, length] = valueAt(bytes, at + 2, column.type);
    if (typeof value === 'string' && value.includes('\uFFFD')) notUtf8(column.name);
    properties[column.name] = column.asText && value !== null ? String(value) : value;
    at += 2 + length;
  }
  return properties;
}

/** A value by its column's type, and the bytes it takes up. */
function valueAt(bytes: Buffer, at: number, type: number): [FieldValue, number] {
  switch (type) {
    case 0:
      return [bytes.readInt8(at), 1];
    case 1:
      return [bytes.readUInt8(at), 1];
    case 2:
      return [bytes.readUInt8(at) !== 0, 1];
    case 3:
      return [bytes.readInt16LE(at), 2];
    case 4:
      return [bytes.readUInt16LE(at), 2];
    case 5:
      return [bytes.readInt32LE(at), 4];
    case 6:
      return [bytes.readUInt32LE(at), 4];
    case 7:
      return [longOf(bytes.readBigInt64LE(at)), 8];
    case 8:
      return [longOf(bytes.readBigUInt64LE(at)), 8];
    case 9:
      return [bytes.readFloatLE(at), 4];
    case 10:
      return [bytes.readDoubleLE(at), 8];
    default: {
      const length = bytes.readUInt32LE(at);
      if (at + 4 + length > bytes.length) throw new RangeError('a text past the end');
      return [type === 14 ? null : bytes.toString('utf8', at + 4, at + 4 + length), 4 + length];
    }
  }
}

/** Whole numbers that a double may not keep are codes, and come as text. */
function longOf(value: bigint): FieldValue {
  return value > LARGEST || value < -LARGEST ? String(value) : Number(value);
}

function refuseText(reading: FlatgeobufReading, index: number, column: string): never {
  return refuseLayer(
    reading.path,
    null,
    `has text at feature ${index}, field ${column} that is not UTF-8: export it again with its text as UTF-8`,
  );
}
