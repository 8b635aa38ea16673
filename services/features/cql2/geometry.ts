import type { Geometry, Position } from 'geojson';
import type { Reader } from './reader.ts';

/** How deep the positions of each kind lie in brackets. */
const DEPTHS: Readonly<Record<string, [Exclude<Geometry['type'], 'GeometryCollection'>, number]>> = {
  POINT: ['Point', 0],
  MULTIPOINT: ['MultiPoint', 1],
  LINESTRING: ['LineString', 1],
  MULTILINESTRING: ['MultiLineString', 2],
  POLYGON: ['Polygon', 2],
  MULTIPOLYGON: ['MultiPolygon', 3],
};

type Nested = number[] | Nested[];

/** WKT, or BBOX(minLon, minLat, maxLon, maxLat). Longitude first. @throws ServiceError bad-input */
export function readGeometry(reader: Reader): Geometry {
  const word = reader.take();
  if (word.kind === 'word' && word.text.toUpperCase() === 'BBOX') return readBox(reader);
  const known = word.kind === 'word' ? DEPTHS[word.text.toUpperCase()] : undefined;
  if (known === undefined) throw reader.refusal(`one of BBOX, ${Object.keys(DEPTHS).join(', ')}`, word);
  const [type, depth] = known;
  const coordinates = depth === 0 ? (readLevel(reader, 1)[0] as Position) : readLevel(reader, depth);
  if (type === 'Polygon') checkRings(reader, coordinates as Position[][]);
  if (type === 'MultiPolygon') for (const polygon of coordinates as Position[][][]) checkRings(reader, polygon);
  return { type, coordinates } as Geometry;
}

/** A bracket of `depth` levels; the innermost holds positions. A multipoint's may stand in brackets of their own. */
function readLevel(reader: Reader, depth: number): Nested[] {
  const parts: Nested[] = [];
  reader.needs('(');
  do {
    if (depth > 1) parts.push(readLevel(reader, depth - 1));
    else if (reader.takes('(')) {
      parts.push(readPosition(reader));
      reader.needs(')');
    } else parts.push(readPosition(reader));
  } while (reader.takes(','));
  reader.needs(')');
  return parts;
}

function readPosition(reader: Reader): Position {
  const position = [readNumber(reader), readNumber(reader)];
  if (Math.abs(position[0]) > 180 || Math.abs(position[1]) > 90) {
    throw reader.refusal('positions of longitude and latitude in degrees before it');
  }
  return position;
}

function readBox(reader: Reader): Geometry {
  reader.needs('(');
  const numbers = [readNumber(reader)];
  while (reader.takes(',')) numbers.push(readNumber(reader));
  const [minLon, minLat, maxLon, maxLat] = numbers;
  if (numbers.length !== 4 || minLon > maxLon || minLat > maxLat) {
    throw reader.refusal('four numbers minLon, minLat, maxLon, maxLat before it');
  }
  reader.needs(')');
  const ring = [
    [minLon, minLat],
    [maxLon, minLat],
    [maxLon, maxLat],
    [minLon, maxLat],
    [minLon, minLat],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

function checkRings(reader: Reader, rings: Position[][]): void {
  for (const ring of rings) {
    const [first, last] = [ring[0], ring[ring.length - 1]];
    if (ring.length < 4 || first[0] !== last[0] || first[1] !== last[1]) {
      throw reader.refusal('closed rings of at least four positions before it');
    }
  }
}

function readNumber(reader: Reader): number {
  const token = reader.take();
  const value = Number(token.text);
  if (token.kind !== 'number' || !Number.isFinite(value)) throw reader.refusal('a number', token);
  return value;
}
