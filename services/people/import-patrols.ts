import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ServiceError } from '../error.ts';
import type { Store } from '../store/open.ts';
import { addPatrols, type NewPatrol } from './add-patrols.ts';
import { columnOf, readCsv } from './csv-table.ts';
import { type PatrolPlace, placeOf } from './patrol-place.ts';
import { spanOf } from './patrol-time.ts';

/** Columns and properties by the names records give them. */
const COLUMNS = {
  who: ['who', 'person', '巡查人', '巡查人员', '网格员', '姓名'],
  from: ['from', 'at', 'time', 'date', '时间', '巡查时间', '开始时间', '日期', '巡查日期'],
  to: ['to', '结束时间'],
  grid: ['grid', '网格', '网格编码', '网格编号', '网格代码'],
  lon: ['lon', 'lng', 'longitude', 'x', '经度'],
  lat: ['lat', 'latitude', 'y', '纬度'],
  seen: ['seen', 'text', '发现', '发现情况', '巡查情况', '情况', '备注'],
  reported: ['reported', 'found', '是否发现问题', '发现问题', '是否上报'],
} as const;

/** A record's columns, and its place where the file gives it apart. */
interface PatrolRecord {
  cells: Record<string, string>;
  place: PatrolPlace | null;
}

/**
 * Takes the patrols of a CSV or GeoJSON file in (points, tracks, areas), all or none.
 * @throws ServiceError bad-input naming file and row
 */
export async function importPatrols(store: Store, path: string, at: Date): Promise<{ rows: number; added: number }> {
  const records = /\.(geo)?json$/i.test(path) ? await featuresOf(path) : await rowsOf(path);
  const patrols = records.map((record, i) => patrolOf(record, `${basename(path)}, record ${i + 1}`));
  return { rows: records.length, added: await addPatrols(store, patrols, { source: basename(path), at }) };
}

async function rowsOf(path: string): Promise<PatrolRecord[]> {
  return (await readCsv(path)).rows.map((cells) => ({ cells, place: null }));
}

async function featuresOf(path: string): Promise<PatrolRecord[]> {
  const refuse = (got: string): never => {
    throw new ServiceError('bad-input', `${path}: wanted a GeoJSON FeatureCollection of patrols; ${got}.`);
  };
  const text = await readFile(path, 'utf8').catch((error: Error) => refuse(error.message));
  let document: { features?: unknown };
  try {
    document = JSON.parse(text) as { features?: unknown };
  } catch (error) {
    return refuse((error as Error).message);
  }
  if (!Array.isArray(document?.features)) return refuse('got none');
  return document.features.map((feature: { properties?: Record<string, unknown>; geometry?: unknown } | null, i) => {
    const place = feature?.geometry == null ? null : placeOf(feature.geometry);
    if (feature?.geometry != null && place === null)
      refuse(`the geometry of record ${i + 1} is no point, track or area`);
    const cells = Object.entries(feature?.properties ?? {}).map(([name, value]) => [name, String(value ?? '')]);
    return { cells: Object.fromEntries(cells) as Record<string, string>, place };
  });
}

function patrolOf({ cells, place }: PatrolRecord, where: string): NewPatrol {
  const text = (name: keyof typeof COLUMNS) => columnOf(cells, COLUMNS[name]).trim();
  const refuse = (wanted: string, got: string): never => {
    throw new ServiceError('bad-input', `${where}: wanted ${wanted}; got '${got}'.`);
  };
  if (text('who') === '') refuse('who patrolled in 巡查人', '');
  const span = spanOf(text('from'), text('to')) ?? refuse('a time such as 2025-06-05 10:00', text('from') + text('to'));
  const at = place ?? pointOf(text('lon'), text('lat'), refuse);
  const grid = text('grid') || null;
  if (at === null && grid === null) refuse('a place (经度, 纬度) or a grid (网格)', '');
  return {
    who: text('who'),
    ...span,
    place: at,
    grid,
    seen: text('seen'),
    reported: yesOrNo(text('reported'), refuse),
  };
}

type Refuse = (wanted: string, got: string) => never;

function pointOf(lon: string, lat: string, refuse: Refuse): PatrolPlace | null {
  if (lon === '' && lat === '') return null;
  const numbers = [lon, lat].map((part) => (part === '' ? Number.NaN : Number(part)));
  return placeOf({ type: 'Point', coordinates: numbers }) ?? refuse('degrees in 经度 and 纬度', `${lon}, ${lat}`);
}

function yesOrNo(text: string, refuse: Refuse): boolean | null {
  if (text === '') return null;
  if (/^(是|有|已|1|y|yes|true)$/i.test(text)) return true;
  if (/^(否|无|未|没有|0|n|no|false)$/i.test(text)) return false;
  return refuse('是 or 否', text);
}
