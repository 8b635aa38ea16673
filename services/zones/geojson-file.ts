import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { refuseLayer, shown } from './layer-refusal.ts';

/** A feature of which only the outer form is known to be right: geometry and ids are still anything. */
export interface RawFeature {
  id: unknown;
  properties: Record<string, unknown>;
  geometry: unknown;
}

/** Longest text a JavaScript engine holds; a file of more bytes may not fit. */
const MAX_BYTES = 500 * 1024 * 1024;

const REPROJECT = 'ogr2ogr -t_srs EPSG:4326 -lco RFC7946=YES OUT.geojson IN';

/** The bytes of a layer file and their sha256. @throws ServiceError layer-invalid: missing, a folder, empty, too big */
export async function readLayerBytes(path: string): Promise<{ bytes: Buffer; sha256: string }> {
  const file = await stat(path).catch((error: unknown) =>
    refuseLayer(path, null, 'is missing; wanted a GeoJSON file', error),
  );
  if (!file.isFile()) refuseLayer(path, null, 'is not a file; wanted a GeoJSON file');
  if (file.size === 0) refuseLayer(path, null, 'is empty (0 bytes); wanted a GeoJSON FeatureCollection');
  if (file.size > MAX_BYTES) {
    const megabytes = Math.round(file.size / 1024 / 1024);
    refuseLayer(path, null, `has ${megabytes} MB; wanted at most ${MAX_BYTES / 1024 / 1024}: split it by county`);
  }
  const bytes = await readFile(path).catch((error: unknown) => refuseLayer(path, null, 'cannot be read', error));
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * The features of a GeoJSON FeatureCollection in lon/lat, at least one unless there may be none.
 * @throws ServiceError layer-invalid
 */
export function parseFeatureCollection(path: string, bytes: Uint8Array, mayBeEmpty = false): RawFeature[] {
  const collection = parseJson(path, decode(path, bytes));
  if (!isObject(collection) || collection['type'] !== 'FeatureCollection') {
    const got = isObject(collection) ? `an object of type ${shown(collection['type'])}` : shown(collection);
    refuseLayer(path, null, `is not a GeoJSON FeatureCollection but ${got}`);
  }
  checkCrsMember(path, collection['crs']);
  const features = collection['features'];
  if (!Array.isArray(features)) refuseLayer(path, null, `has ${shown(features)} as features; wanted an array`);
  if (features.length === 0 && !mayBeEmpty)
    refuseLayer(path, null, 'is an empty FeatureCollection; wanted at least one feature');
  return features.map((feature, index) => rawFeature(path, feature, index));
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const remedy = 'if its Chinese is GBK, convert it: iconv -f GB18030 -t UTF-8';
    return refuseLayer(path, null, `is not UTF-8 text, which GeoJSON must be; ${remedy}`, error);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return refuseLayer(path, null, `is not JSON: it begins with ${shown(text.slice(0, 40))} (${reason})`, error);
  }
}

/** GeoJSON of 2008 could name a CRS. Only those that mean lon/lat on (what is here) the same datum are taken. */
function checkCrsMember(path: string, crs: unknown): void {
  if (crs === undefined || crs === null) return;
  const properties = isObject(crs) ? crs['properties'] : undefined;
  const name = isObject(properties) ? properties['name'] : undefined;
  const code = /(CRS84|EPSG.*\b(?:4326|4490))$/i.test(String(name));
  if (!code) {
    const wanted = 'longitude, latitude in CRS84, EPSG:4326 or EPSG:4490';
    refuseLayer(path, null, `names the CRS ${shown(name ?? crs)}; wanted ${wanted}: ${REPROJECT}`);
  }
}

function rawFeature(path: string, feature: unknown, index: number): RawFeature {
  const label = { index, id: isObject(feature) && feature['id'] !== undefined ? String(feature['id']) : 'none' };
  if (!isObject(feature) || feature['type'] !== 'Feature') {
    refuseLayer(path, label, `is ${shown(feature)}; wanted a GeoJSON Feature`);
  }
  const properties = feature['properties'] ?? {};
  if (!isObject(properties))
    refuseLayer(path, label, `has the properties ${shown(properties)}; wanted an object or null`);
  return { id: feature['id'], properties, geometry: feature['geometry'] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
