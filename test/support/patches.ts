import { nextEvent } from '../../services/lifecycle/event.ts';
import { insertDetections, insertPlaces } from '../../services/store/detections.ts';
import { appendEvent } from '../../services/store/events.ts';
import { insertLayer } from '../../services/store/layers.ts';
import type { Store } from '../../services/store/open.ts';
import { insertOverlaps, insertPatches } from '../../services/store/patches.ts';
import { beginRun } from '../../services/store/runs.ts';
import { insertZones, nextZoneId } from '../../services/store/zones.ts';
import { layerRow, zoneRow } from './rows.ts';

/** What a planted patch may differ in. */
export interface PatchSeed {
  month?: string;
  district?: string;
  type?: string;
  areaM2?: number;
  /** South-west corner; the patch's box is 0.001 degrees wide and high. */
  lon?: number;
  lat?: number;
  foundAt?: Date;
  /** Its outline; by default one triangle for all. */
  geometryJson?: string;
  /** What the run noted of how it was found. */
  evidenceJson?: string;
  /** By default a place of its own. */
  placeId?: string;
  /** What it overlaps: ids of planted zones. */
  overlaps?: readonly { zoneId: number; layer: string; areaM2: number }[];
}

/** Puts one found patch, with its run, place, detection and first event, into the store; gives its id. */
export async function plantPatch(store: Store, seed: PatchSeed = {}): Promise<string> {
  const { month = '2025-06', district = '430421', lon = 112.5, lat = 26.9, areaM2 = 800, type = 'TD' } = seed;
  const at = seed.foundAt ?? new Date('2025-07-01T02:00:00Z');
  const prefix = `${district}${month.replace('-', '')}`;
  const planted = await store.db.selectFrom('patches').select('id').where('number', 'like', `${prefix}%`).execute();
  const number = `${prefix}${String(planted.length + 1).padStart(4, '0')}`;
  const id = `patch-${number}`;
  const { event, after } = nextEvent({ subject: 'patch', id, action: 'find', actor: 'run', at }, district, null);
  const box = { minLon: lon, minLat: lat, maxLon: lon + 0.001, maxLat: lat + 0.001 };
  const common = { month, district, areaM2, type, score: 2.5, ...box };
  const [placeId, detectionId, runId] = [seed.placeId ?? `place-${number}`, `detection-${number}`, `run-${month}`];
  await store.db.transaction().execute(async (trx) => {
    await beginRun(trx, { id: runId, month, district: null, planJson: '{}', startedAt: at.toISOString() });
    await insertPlaces(trx, [{ id: placeId, district, firstMonth: month }]);
    const { geometryJson = SEEN.geometryJson, evidenceJson = SEEN.evidenceJson } = seed;
    await insertDetections(trx, [{ id: detectionId, runId, placeId, ...common, ...SEEN, geometryJson, evidenceJson }]);
    const { state, version, dueAt, updatedAt } = after;
    const projection = { state, version, dueAt, updatedAt, createdAt: updatedAt };
    await insertPatches(trx, [{ id, number, placeId, detectionId, ...common, ...projection }]);
    await insertOverlaps(
      trx,
      (seed.overlaps ?? []).map((overlap) => ({ patchId: id, district, ...overlap })),
    );
    await appendEvent(trx, event);
  });
  return id;
}

/** One zone in a layer of its own, of a degree's side. Gives its number. */
export async function plantZone({ db }: Store, layer: string, externalId: string, name: string): Promise<number> {
  const layerId = `layer-${layer}-${externalId}`;
  const { seq: _, ...version } = layerRow({ id: layerId, name: layer, sha256: layerId, validFrom: '2025-01-01' });
  await insertLayer(db, version);
  const id = await nextZoneId(db);
  const district = layer === 'districts' ? externalId : null;
  const ground = { propertiesJson: JSON.stringify({ DLBM: '0101' }), landClass: '0101', areaM2: 1e9 };
  const box = { minLon: 112, minLat: 26, maxLon: 113, maxLat: 27 };
  await insertZones(db, [zoneRow({ id, layerId, externalId, name, district, ...ground, ...box })]);
  return id;
}

/** What is the same of every planted detection. */
const SEEN = {
  typeConfidence: 0.9,
  screening: 'issued',
  beforeDate: '2025-05-20',
  afterDate: '2025-06-18',
  observedFraction: 1,
  evidenceJson: JSON.stringify({ scenes: ['before', 'after'], detector: 'planted' }),
  geometryJson: JSON.stringify({
    type: 'Polygon',
    coordinates: [
      [
        [112.5, 26.9],
        [112.501, 26.9],
        [112.501, 26.901],
        [112.5, 26.9],
      ],
    ],
  }),
};
