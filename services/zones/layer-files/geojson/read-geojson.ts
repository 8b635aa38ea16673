import { isUtf8 } from 'node:buffer';
import { refuseLayer, shown } from '../../layer-refusal.ts';
import { bytesAt } from '../file-bytes.ts';
import type { FieldValue, RawFeature } from '../layer-file.ts';
import { type GeojsonReading, nameOf } from '../layer-reading.ts';
import { readGeojsonGeometry } from './geojson-geometry.ts';
import { JsonScanner } from './json-scanner.ts';

/** A stretch of the file's bytes that holds whole features. */
export interface GeojsonPlace {
  start: number;
  end: number;
  count: number;
}

/** Whole numbers of more digits are codes, and stay text: a double does not keep them. */
const LONG_NUMBER = /[:[,]\s*-?\d{16,}\s*[,}\]]/;

const RECORD_SEPARATOR = '\u001E';

/** @throws ServiceError layer-invalid: text that is not UTF-8 or no JSON */
export function readGeojson(reading: GeojsonReading, place: GeojsonPlace, firstIndex: number): RawFeature[] {
  const bytes = bytesAt(reading.file, place.start, place.end - place.start);
  if (!isUtf8(bytes)) refuseNotUtf8(reading.path);
  const values = parseAll(reading, bytes, place, firstIndex);
  const names = Object.keys(reading.names).length > 0 || reading.asText.length > 0;
  return values.map((value, i) => featureOf(value, firstIndex + i, names ? reading : null));
}

/** @throws ServiceError layer-invalid, always, with what to do */
export function refuseNotUtf8(path: string): never {
  const remedy = 'if its Chinese is GBK, convert it: iconv -f GB18030 -t UTF-8';
  return refuseLayer(path, null, `is not UTF-8 text, which GeoJSON must be; ${remedy}`);
}

function parseAll(reading: GeojsonReading, bytes: Buffer, place: GeojsonPlace, firstIndex: number): unknown[] {
  const text = bytes.toString('utf8');
  const atOnce = reading.format === 'geojson' ? elementsOf(text) : linesOf(text);
  if (atOnce?.length === place.count) return atOnce;
  const values: unknown[] = [];
  for (const [start, end] of itemsIn(bytes, reading.format)) {
    const own = bytes.subarray(start, end).toString('utf8');
    const label = { index: firstIndex + values.length, id: 'unknown' };
    try {
      values.push(parse(own));
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      refuseLayer(reading.path, label, `is not JSON: it begins with ${shown(own.slice(0, 40))} (${reason})`, error);
    }
  }
  if (values.length === place.count) return values;
  const got = `${values.length} features in bytes ${place.start} to ${place.end}`;
  return refuseLayer(reading.path, null, `has ${got} where ${place.count} were found before: did it change?`);
}

/** Elements of an array, read in one go; null where one of them is no JSON. */
function elementsOf(text: string): unknown[] | null {
  try {
    return parse(`[${text}]`);
  } catch {
    return null;
  }
}

/** A text a line; null where they are laid out otherwise. */
function linesOf(text: string): unknown[] | null {
  try {
    const lines = text
      .replaceAll(RECORD_SEPARATOR, '')
      .split(/[\r\n]+/)
      .filter((line) => line.trim() !== '');
    return lines.map((line) => parse(line));
  } catch {
    return null;
  }
}

/** Where each feature of a stretch lies. */
function itemsIn(bytes: Buffer, format: GeojsonReading['format']): [number, number][] {
  const items: [number, number][] = [];
  const [before, after] = format === 'geojson' ? ['{"features":[', ']}'] : ['', ''];
  const item = (start: number, end: number) => items.push([start - before.length, end - before.length]);
  const scanner = new JsonScanner({ item, member: () => {} });
  scanner.push(Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]), 0);
  return items;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the text holds
function parse(text: string): any {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, longNumberAsText as (key: string, value: unknown) => unknown);
}

/** Engines hand the number's own digits to a reviver; those of coordinates have a point. */
function longNumberAsText(_: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Math.abs(value) < 1e15) return value;
  return /^-?\d+$/.test(context?.source ?? '') ? context!.source : value;
}

function featureOf(value: unknown, index: number, reading: GeojsonReading | null): RawFeature {
  const whole = isObject(value) ? value : {};
  const isFeature = whole['type'] === 'Feature';
  const isGeometry = !isFeature && (Array.isArray(whole['coordinates']) || Array.isArray(whole['geometries']));
  const feature = { index, fid: idOf(whole['id']), properties: {}, geometry: null };
  if (!isFeature && !isGeometry) return { ...feature, damage: `is ${shown(value)}; wanted a GeoJSON Feature` };
  const properties = whole['properties'] ?? {};
  if (!isObject(properties))
    return { ...feature, damage: `has the properties ${shown(properties)}; wanted an object or null` };
  const shape = readGeojsonGeometry(isGeometry ? whole : whole['geometry']);
  return {
    ...feature,
    properties: isGeometry ? {} : propertiesOf(properties, reading),
    geometry: typeof shape === 'string' ? null : shape,
    damage: typeof shape === 'string' ? shape : null,
  };
}

function idOf(id: unknown): string | null {
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

function propertiesOf(own: Record<string, unknown>, reading: GeojsonReading | null): Record<string, FieldValue> {
  const properties: Record<string, FieldValue> = {};
  for (const [key, value] of Object.entries(own)) {
    const plain = typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as FieldValue);
    const asText = plain !== null && reading?.asText.includes(key);
    properties[reading === null ? key : nameOf(reading, key)] = asText ? String(plain) : plain;
  }
  return properties;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
