import type { LineString, MultiLineString, MultiPolygon, Polygon, Position } from 'geojson';
import type { LonLatBox } from '../../../imagery/grid.ts';
import type { ZoneGeometry } from './zone-geometry.ts';

/** OGC well-known binary, types of two dimensions. A multi-geometry is always of the simple type before it. */
export const wkbType = { point: 1, line: 2, polygon: 3, multiLine: 5, multiPolygon: 6 } as const;

/** Byte order and type. */
const HEADER = 5;

/** A zone as little-endian OGC WKB: a Polygon or LineString where it has one part, else a MultiPolygon or MultiLineString. */
export function toWkb({ kind, parts }: ZoneGeometry): Uint8Array {
  const simple = kind === 'polygon' ? wkbType.polygon : wkbType.line;
  const many = parts.length !== 1;
  let size = many ? HEADER + 4 : 0;
  for (const part of parts) {
    size += kind === 'polygon' ? HEADER + 4 : HEADER;
    for (const path of part) size += 4 + path.byteLength;
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = many ? putHeader(view, 0, simple + 3, parts.length) : 0;
  for (const part of parts) {
    view.setUint8(at, 1);
    view.setUint32(at + 1, simple, true);
    at += HEADER;
    if (kind === 'polygon') {
      view.setUint32(at, part.length, true);
      at += 4;
    }
    for (const path of part) at = putPath(bytes, view, at, path);
  }
  return bytes;
}

function putHeader(view: DataView, at: number, type: number, count: number): number {
  view.setUint8(at, 1);
  view.setUint32(at + 1, type, true);
  view.setUint32(at + HEADER, count, true);
  return at + HEADER + 4;
}

/** Short paths number by number, which is faster than making views of them. */
function putPath(bytes: Uint8Array, view: DataView, at: number, path: Float64Array): number {
  view.setUint32(at, path.length / 2, true);
  if (path.length <= 128) for (let i = 0; i < path.length; i++) view.setFloat64(at + 4 + 8 * i, path[i], true);
  else bytes.set(new Uint8Array(path.buffer, path.byteOffset, path.byteLength), at + 4);
  return at + 4 + path.byteLength;
}

/**
 * The zone that WKB of either byte order holds: Polygon, MultiPolygon, LineString or MultiLineString.
 * @throws Error in one line where the bytes are damaged or of another type
 */
export function fromWkb(bytes: Uint8Array): ZoneGeometry {
  const parts: Float64Array[][] = [];
  const kind = walk(bytes, (view, at, count, little, starts) => {
    const path = new Float64Array(2 * count);
    for (let i = 0; i < path.length; i++) path[i] = view.getFloat64(at + 8 * i, little);
    if (starts) parts.push([path]);
    else parts[parts.length - 1].push(path);
  });
  return { kind, parts };
}

/** The box round the zone in WKB, without building it. @throws Error as fromWkb, and where it has no points */
export function boundsOfWkb(bytes: Uint8Array): LonLatBox {
  let [minLon, minLat, maxLon, maxLat] = [Infinity, Infinity, -Infinity, -Infinity];
  walk(bytes, (view, at, count, little, starts) => {
    // A polygon's holes lie inside its shell.
    if (!starts) return;
    for (const end = at + 16 * count; at < end; at += 16) {
      const [lon, lat] = [view.getFloat64(at, little), view.getFloat64(at + 8, little)];
      if (lon < minLon) minLon = lon;
      if (lon > maxLon) maxLon = lon;
      if (lat < minLat) minLat = lat;
      if (lat > maxLat) maxLat = lat;
    }
  });
  if (minLon > maxLon) throw new Error('The WKB geometry has no points, so no box.');
  return { minLon, minLat, maxLon, maxLat };
}

/** A path of `count` points that begins at byte `at`; `starts` where it is the first of its part. */
type Visit = (view: DataView, at: number, count: number, little: boolean, starts: boolean) => void;

function walk(bytes: Uint8Array, visit: Visit): ZoneGeometry['kind'] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { little, type } = headerAt(view, 0);
  let end: number;
  if (type === wkbType.polygon || type === wkbType.line) end = walkPart(view, 0, type, visit);
  else if (type === wkbType.multiPolygon || type === wkbType.multiLine) {
    let count = uint32(view, HEADER, little);
    for (end = HEADER + 4; count > 0; count--) end = walkPart(view, end, type - 3, visit);
  } else throw new Error(`WKB of type ${type} was found where a (multi)polygon or (multi)line was wanted.`);
  if (end !== view.byteLength) throw new Error(`The WKB geometry ends after ${end} of its ${view.byteLength} bytes.`);
  return type === wkbType.polygon || type === wkbType.multiPolygon ? 'polygon' : 'line';
}

function walkPart(view: DataView, start: number, wanted: number, visit: Visit): number {
  const { little, type } = headerAt(view, start);
  if (type !== wanted) throw new Error(`The WKB geometry has a part of type ${type} where ${wanted} was wanted.`);
  let at = start + HEADER;
  let paths = 1;
  if (type === wkbType.polygon) {
    paths = uint32(view, at, little);
    at += 4;
  }
  for (let i = 0; i < paths; i++) {
    const count = uint32(view, at, little);
    at += 4;
    if (at + 16 * count > view.byteLength) throw cutShort(view, at + 16 * count);
    visit(view, at, count, little, i === 0);
    at += 16 * count;
  }
  return at;
}

function headerAt(view: DataView, at: number): { little: boolean; type: number } {
  if (at + HEADER > view.byteLength) throw cutShort(view, at + HEADER);
  const order = view.getUint8(at);
  if (order > 1) throw new Error(`The WKB geometry names the byte order ${order} at byte ${at}; wanted 0 or 1.`);
  return { little: order === 1, type: view.getUint32(at + 1, order === 1) };
}

function uint32(view: DataView, at: number, little: boolean): number {
  if (at + 4 > view.byteLength) throw cutShort(view, at + 4);
  return view.getUint32(at, little);
}

function cutShort(view: DataView, needed: number): Error {
  return new Error(`The WKB geometry is cut short: it has ${view.byteLength} bytes where ${needed} are needed.`);
}

/** A zone as GeoJSON, a multi-geometry only where it has several parts. */
export function toGeoJson({ kind, parts }: ZoneGeometry): Polygon | MultiPolygon | LineString | MultiLineString {
  const coordinates = parts.map((part) => part.map(positionsOf));
  if (kind === 'polygon') {
    return parts.length === 1
      ? { type: 'Polygon', coordinates: coordinates[0] }
      : { type: 'MultiPolygon', coordinates };
  }
  const lines = coordinates.map(([line]) => line);
  return lines.length === 1
    ? { type: 'LineString', coordinates: lines[0] }
    : { type: 'MultiLineString', coordinates: lines };
}

function positionsOf(path: Float64Array): Position[] {
  const positions: Position[] = [];
  for (let i = 0; i < path.length; i += 2) positions.push([path[i], path[i + 1]]);
  return positions;
}

/** A valid GeoJSON shape as a zone; heights are left out. What comes from a user goes through prepareZone(). */
export function fromGeoJson(geometry: Polygon | MultiPolygon | LineString | MultiLineString): ZoneGeometry {
  switch (geometry.type) {
    case 'Polygon':
      return { kind: 'polygon', parts: [geometry.coordinates.map(pathOf)] };
    case 'MultiPolygon':
      return { kind: 'polygon', parts: geometry.coordinates.map((rings) => rings.map(pathOf)) };
    case 'LineString':
      return { kind: 'line', parts: [[pathOf(geometry.coordinates)]] };
    case 'MultiLineString':
      return { kind: 'line', parts: geometry.coordinates.map((line) => [pathOf(line)]) };
  }
}

function pathOf(positions: readonly Position[]): Float64Array {
  const path = new Float64Array(2 * positions.length);
  for (let i = 0; i < positions.length; i++) {
    path[2 * i] = positions[i][0];
    path[2 * i + 1] = positions[i][1];
  }
  return path;
}
