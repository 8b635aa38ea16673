import type { Kysely } from 'kysely';
import { stateNames } from '../lifecycle/transitions.ts';
import type { Database } from './schema.ts';

/** A patch with where and when it changed. */
export interface PatchGround {
  id: string;
  number: string;
  month: string;
  district: string;
  placeId: string;
  state: string;
  areaM2: number;
  /** Onset interval: last look unchanged, first look changed, YYYY-MM-DD. */
  beforeDate: string;
  afterDate: string;
  /** GeoJSON, lon/lat. */
  geometryJson: string;
}

const IDS_PER_QUERY = 1000;

/** Patches of a month (all, unless named) and of districts whose code begins so, by number; not those that others stand for. */
export async function patchGrounds(
  db: Kysely<Database>,
  { month, district = '' }: { month?: string | undefined; district?: string },
): Promise<PatchGround[]> {
  const replaced = stateNames('patch', { outcome: 'replaced' });
  let query = selection(db).where('patches.state', 'not in', replaced);
  if (month !== undefined) query = query.where('patches.month', '=', month);
  if (district !== '') {
    query = query.where('patches.district', '>=', district).where('patches.district', '<', `${district}\uffff`);
  }
  return query.orderBy('patches.number').execute();
}

/** The same of some patches, in the order of the ids; those that are not there are left out. */
export async function patchGroundsOf(db: Kysely<Database>, ids: readonly string[]): Promise<PatchGround[]> {
  const found = new Map<string, PatchGround>();
  for (let first = 0; first < ids.length; first += IDS_PER_QUERY) {
    const some = ids.slice(first, first + IDS_PER_QUERY);
    for (const row of await selection(db).where('patches.id', 'in', some).execute()) found.set(row.id, row);
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

function selection(db: Kysely<Database>) {
  return db
    .selectFrom('patches')
    .innerJoin('detections', 'detections.id', 'patches.detectionId')
    .select(['patches.id', 'patches.number', 'patches.month', 'patches.district', 'patches.placeId'])
    .select(['patches.state', 'patches.areaM2'])
    .select(['detections.beforeDate', 'detections.afterDate', 'detections.geometryJson']);
}
