import { refuseLayer, shown } from '../../layer-refusal.ts';
import { bytesAt, closeDescriptors, hashFile, sizeOf } from '../file-bytes.ts';
import type { FieldValue, LayerField, OpenLayerOptions, RawFeature } from '../layer-file.ts';
import type { GeojsonReading } from '../layer-reading.ts';
import type { LayerSource, SourceField, SourcePiece, StatedCrs } from '../layer-source.ts';
import { nothingStated, statedByName } from '../stated-crs.ts';
import { encodingNamed } from '../text-encoding.ts';
import { JsonScanner } from './json-scanner.ts';
import { type GeojsonPlace, readGeojson, refuseNotUtf8 } from './read-geojson.ts';

/** A member beside the features is not read when it is longer. */
const LONGEST_MEMBER = 1 << 20;
/** A piece is no longer than this, however few features that are. */
const MOST_PIECE_BYTES = 32 * 1024 * 1024;
/** Where in the file features are looked at, as shares of its pieces. */
const SAMPLES = [0, 1 / 3, 2 / 3, 1];
const BOM = 3;
const LONLAT = { crs: 'EPSG:4326', because: 'so longitude and latitude, as RFC 7946 says' };

interface Outline {
  places: GeojsonPlace[];
  /** Members of a FeatureCollection, as text. */
  members: Map<string, string>;
  isCollection: boolean;
  count: number;
  sha256: string;
}

/**
 * Opens GeoJSON (a FeatureCollection, a Feature, a geometry) or GeoJSONSeq (one of the latter after another, with or
 * without the record separators of RFC 8142) of any length: one pass finds where the features are.
 * Fields are those of features from the beginning, middle and end.
 */
export async function openGeojson(
  file: string,
  path: string,
  pieceSize: number,
  options: OpenLayerOptions,
): Promise<LayerSource> {
  refuseOtherEncoding(path, options.encoding);
  const outline = await outlineOf(file, path, pieceSize);
  refuseOtherJson(path, outline);
  const reading: GeojsonReading = {
    ...{ format: outline.isCollection || outline.count === 1 ? 'geojson' : 'geojsonseq', path, file },
    ...{ names: {}, asText: [], swapped: false, projectFrom: null },
  };
  const pieces = piecesOf(outline.places);
  const samples = SAMPLES.map((share) => pieces[Math.floor(share * (pieces.length - 1))]);
  const features = [...new Set(samples)].flatMap((piece) =>
    piece ? readGeojson(reading, piece.place, piece.first) : [],
  );
  return {
    ...{ format: reading.format, path, reading, notes: [], count: outline.count, span: outline.count },
    ...{ sha256: outline.sha256, bytes: sizeOf(file) },
    fields: fieldsOf(features),
    stated: statedCrs(path, outline),
    encoding: { name: 'utf-8', because: 'as every GeoJSON is' },
    samples: [...new Set(samples)].filter((piece) => piece !== undefined),
    pieces: () => pieces,
    close: () => closeDescriptors(file),
  };
}

/** One pass over the file: its hash, its pieces, and what stands beside the features. */
async function outlineOf(file: string, path: string, pieceSize: number): Promise<Outline> {
  const places: GeojsonPlace[] = [];
  const members = new Map<string, string>();
  const memberPlaces: [key: string, start: number, end: number][] = [];
  let count = 0;
  const item = (start: number, end: number) => {
    count++;
    const last = places.at(-1);
    const isFull = last === undefined || last.count >= pieceSize || last.end - last.start > MOST_PIECE_BYTES;
    if (isFull) places.push({ start, end, count: 1 });
    else Object.assign(last, { end, count: last.count + 1 });
  };
  const scanner = new JsonScanner({
    item,
    member: (...place) => memberPlaces.length < 1000 && memberPlaces.push(place),
  });
  const skipped = bytesAt(file, 0, BOM).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? BOM : 0;
  const sha256 = await hashFile(file, (chunk, position) => {
    if (position === 0) scanner.push(chunk.subarray(skipped), skipped);
    else scanner.push(chunk, position);
  });
  refuseBroken(file, path, scanner, count);
  const isCollection = scanner.collections > 0;
  if (isCollection || count === 1) {
    for (const [key, start, end] of memberPlaces) {
      if (end - start <= LONGEST_MEMBER) members.set(key, bytesAt(file, start, end - start).toString('utf8'));
    }
  }
  return { places, members, isCollection, count, sha256 };
}

function refuseBroken(file: string, path: string, scanner: JsonScanner, count: number): void {
  const ended = scanner.end();
  if (scanner.brokenAt >= 0) {
    const at = scanner.brokenAt;
    const found = shown(bytesAt(file, at, 40).toString('utf8'));
    const after = scanner.values > 0 || count > 0 ? `after ${count} features` : 'where an object was wanted';
    refuseLayer(path, null, `is not JSON: it has ${found} at byte ${at}, ${after}`);
  }
  if (ended !== null) {
    refuseLayer(path, null, `is not JSON: it is cut off ${ended} at byte ${sizeOf(file)}, after ${count} features`);
  }
  if (scanner.values === 0) refuseLayer(path, null, 'is a text without a word in it; wanted GeoJSON');
  if (scanner.collections > 0 && scanner.values > 1) {
    refuseLayer(path, null, `has ${scanner.values} texts one after another, FeatureCollections among them; wanted one`);
  }
}

/** Other JSON that has features, or none. */
function refuseOtherJson(path: string, { members, isCollection, count }: Outline): void {
  const type = members.get('type')?.trim();
  const isSequence = !isCollection && count > 1;
  if (isSequence || (isCollection && type === '"FeatureCollection"')) return;
  if (isCollection && members.has('geometryType')) {
    refuseLayer(path, null, 'is JSON of ArcGIS (esriJSON); wanted GeoJSON: ogr2ogr OUT.geojson IN.json');
  }
  const known = [
    'Feature',
    'Point',
    'MultiPoint',
    'LineString',
    'MultiLineString',
    'Polygon',
    'MultiPolygon',
    'GeometryCollection',
  ];
  if (!isCollection && known.some((name) => type === `"${name}"`)) return;
  const features = members.get('features');
  if (type === '"FeatureCollection"')
    refuseLayer(path, null, `has ${shown(features?.trim())} as features; wanted an array`);
  const got = type === undefined ? 'an object without a type' : `an object of type ${type.slice(0, 60)}`;
  refuseLayer(path, null, `is not a GeoJSON FeatureCollection but ${got}`);
}

function refuseOtherEncoding(path: string, option: string | undefined): void {
  if (option === undefined || encodingNamed(option) === 'utf-8') return;
  if (encodingNamed(option) === 'gbk' || encodingNamed(option) === 'gb18030') refuseNotUtf8(path);
  refuseLayer(
    path,
    null,
    `cannot be read as ${shown(option)}: GeoJSON is UTF-8, so convert it before (iconv -t UTF-8)`,
  );
}

function statedCrs(path: string, { members }: Outline): StatedCrs {
  const text = members.get('crs')?.trim();
  if (text === undefined || text === 'null') return nothingStated('no crs member', LONLAT);
  let name: unknown;
  try {
    const crs = JSON.parse(text);
    name = crs?.properties?.name ?? crs?.properties?.code ?? crs;
  } catch (error) {
    refuseLayer(path, null, `has a crs member that is no JSON: ${shown(text)}`, error);
  }
  return statedByName(String(typeof name === 'object' ? JSON.stringify(name) : name), 'its crs member');
}

function piecesOf(places: readonly GeojsonPlace[]): (SourcePiece & { place: GeojsonPlace })[] {
  let first = 0;
  return places.map((place) => {
    const piece = { first, count: place.count, place };
    first += place.count;
    return piece;
  });
}

/** Fields in the order they are first met; the type that takes all values of a field. */
function fieldsOf(features: readonly RawFeature[]): SourceField[] {
  const types = new Map<string, LayerField['type'] | null>();
  for (const { properties } of features) {
    for (const [name, value] of Object.entries(properties)) types.set(name, widened(types.get(name) ?? null, value));
  }
  return [...types].map(([name, type]) => ({ source: name, name, type: type ?? 'text', width: null, decimals: null }));
}

function widened(type: LayerField['type'] | null, value: FieldValue): LayerField['type'] | null {
  const own = typeOf(value);
  if (own === null || own === type) return type;
  if (type === null) return own;
  const numeric = (one: string) => one === 'integer' || one === 'number';
  return numeric(own) && numeric(type) ? 'number' : 'text';
}

function typeOf(value: FieldValue): LayerField['type'] | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? 'date' : 'text';
}
