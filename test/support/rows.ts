import type { Insertable } from 'kysely';
import type { Database } from '../../services/store/schema.ts';
import { fromGeoJson, toWkb } from '../../services/zones/geometry/wkb.ts';

/** Rows the tables accept, for tests that care for a few columns only and give those. */

type Row<T extends keyof Database> = Insertable<Database[T]>;

const TIME = '2024-06-01T00:00:00.000Z';
const BOX = { minLon: 106.5, minLat: 29.5, maxLon: 106.6, maxLat: 29.6 };
const GEOMETRY_JSON = '{"type":"Polygon","coordinates":[[[106.5,29.5],[106.6,29.5],[106.6,29.6],[106.5,29.5]]]}';

export function sceneRow(given: Partial<Row<'scenes'>> = {}): Row<'scenes'> {
  const file = { id: 's1', sha256: 's1'.padEnd(64, '0'), path: '/scenes/s1.tif', sampleType: 'uint16' };
  const numbers = { nodata: 0, scale: 0.0001, offset: 0, gridJson: '{}', bandsJson: '["B","G","R","N"]' };
  return { ...file, ...numbers, ...BOX, district: null, sensor: 'sim', date: '2024-05-20', addedAt: TIME, ...given };
}

export function layerRow(given: Partial<Row<'layers'>> = {}): Row<'layers'> {
  const file = { path: '/layers/farmland.geojson', sha256: 'f'.repeat(64), featureCount: 1, readTo: 1 };
  const read = { crs: null, encoding: null, fieldsJson: '[]', idsFrom: 'id', scope: '', completeTo: null };
  const ready = { state: 'ready', validFrom: '2024-01-01', importedAt: TIME } as const;
  return { id: 'l1', name: 'farmland', ...ready, ...file, ...read, seq: 1, ...given };
}

export function zoneRow(given: Partial<Row<'zones'>> = {}): Row<'zones'> {
  const { id = 1 } = given;
  const names = { id, layerId: 'l1', externalId: String(id), name: '', district: '500101', landClass: null };
  const geometry = toWkb(fromGeoJson(JSON.parse(GEOMETRY_JSON)));
  return { ...names, propertiesJson: '{}', geometry, areaM2: 1000.5, ...BOX, ...given };
}

export function runRow(given: Partial<Row<'runs'>> = {}): Row<'runs'> {
  const open = { state: 'running', summaryJson: null, error: null, finishedAt: null } as const;
  return { id: 'r1', month: '2024-06', district: null, planJson: '{}', startedAt: TIME, ...open, ...given };
}

export function placeRow(given: Partial<Row<'places'>> = {}): Row<'places'> {
  return { id: 'p1', district: '500101', firstMonth: '2024-06', ...given };
}

export function detectionRow(given: Partial<Row<'detections'>> = {}): Row<'detections'> {
  const found = { id: 'd1', runId: 'r1', placeId: 'p1', month: '2024-06', district: '500101', screening: 'issued' };
  const change = { areaM2: 800.25, score: 1.5, type: 'construction', typeConfidence: 0.8, observedFraction: 1 };
  const evidence = { beforeDate: '2024-05-01', afterDate: '2024-06-01', evidenceJson: '{}' };
  return { ...found, ...change, ...evidence, geometryJson: GEOMETRY_JSON, ...BOX, ...given };
}

export function patchRow(given: Partial<Row<'patches'>> = {}): Row<'patches'> {
  const ids = { id: 't1', number: '5001012024060001', placeId: 'p1', detectionId: 'd1' };
  const change = { month: '2024-06', district: '500101', type: 'construction', areaM2: 800.25, score: 1.5 };
  const state = { state: 'found', dueAt: null, version: 1, createdAt: TIME, updatedAt: TIME };
  return { ...ids, ...change, ...state, ...BOX, ...given };
}

export function eventRow(given: Partial<Row<'events'>> = {}): Row<'events'> {
  const step = { action: 'found', fromState: null, toState: 'found', actor: 'tuban', reason: null, payloadJson: '{}' };
  return { id: 'e1', subject: 'patch', subjectId: 't1', district: '500101', ...step, at: TIME, ...given };
}
