import type { Insertable, Kysely, Selectable } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { dialectOf } from './dialect.ts';
import type { EventRow } from './events.ts';
import { insertRows } from './insert.ts';
import type { PatchRow } from './patches.ts';
import type { Database } from './schema.ts';
import type { BatchLinkTable } from './schema-batches.ts';
import { whereInBox } from './spatial.ts';

export type BatchLink = Selectable<BatchLinkTable>;

/** Values in one statement that both databases take. */
const IDS = 5000;

export async function insertLinks(db: Kysely<Database>, links: readonly Insertable<BatchLinkTable>[]): Promise<void> {
  await insertRows(db, 'batch_links', links);
}

/** The link that counts of each row, by the row's place. */
export async function linksOf(db: Kysely<Database>, batchId: string): Promise<Map<number, BatchLink>> {
  const all = await db.selectFrom('batch_links').selectAll().where('batchId', '=', batchId).orderBy('seq').execute();
  return new Map(all.map((link) => [link.row, link]));
}

/** Every link a row ever had, oldest first. */
export async function linksOfRow(db: Kysely<Database>, batchId: string, row: number): Promise<BatchLink[]> {
  const query = db.selectFrom('batch_links').selectAll().where('batchId', '=', batchId).where('row', '=', row);
  return query.orderBy('seq').execute();
}

/** A place a row may be: the latest patch of it, or, where it was seen but never issued, what was seen. */
export interface KnownGround {
  placeId: string;
  /** Null: seen, and kept out of the queue. */
  patchId: string | null;
  number: string | null;
  month: string;
  areaM2: number;
  /** GeoJSON, lon/lat. */
  geometryJson: string;
}

/** Everything seen or issued whose box meets `box`, patches first, latest month first. */
export async function knownGround(db: Kysely<Database>, box: LonLatBox): Promise<KnownGround[]> {
  const rows = await db
    .selectFrom('detections')
    .leftJoin('patches', 'patches.detectionId', 'detections.id')
    .select(['detections.placeId', 'patches.id as patchId', 'patches.number', 'detections.month'])
    .select(['detections.areaM2', 'detections.geometryJson', 'detections.id'])
    .where(whereInBox(dialectOf(db), 'detections', box))
    .orderBy('detections.month', 'desc')
    .orderBy('detections.id')
    .execute();
  const ground = rows.map(({ id: _, ...row }) => row);
  return [...ground.filter(({ patchId }) => patchId !== null), ...ground.filter(({ patchId }) => patchId === null)];
}

/** The patch of each place that was issued last, whatever became of it. */
export async function latestPatches(
  db: Kysely<Database>,
  placeIds: readonly string[],
): Promise<Map<string, Pick<PatchRow, 'id' | 'placeId' | 'number' | 'month' | 'state'>>> {
  if (placeIds.length === 0) return new Map();
  const query = db.selectFrom('patches').select(['id', 'placeId', 'number', 'month', 'state']);
  const rows = await query.where('placeId', 'in', placeIds).orderBy('month').orderBy('number').execute();
  return new Map(rows.map((row) => [row.placeId, row]));
}

/** Patches by id. */
export async function patchesById(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, PatchRow>> {
  const found = new Map<string, PatchRow>();
  for (let first = 0; first < ids.length; first += IDS) {
    const some = ids.slice(first, first + IDS);
    const rows = await db.selectFrom('patches').selectAll().where('id', 'in', some).execute();
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

/** What was logged of each patch, oldest first. */
export async function eventsOfPatches(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, EventRow[]>> {
  const found = new Map<string, EventRow[]>();
  for (let first = 0; first < ids.length; first += IDS) {
    const query = db.selectFrom('events').selectAll().where('subject', '=', 'patch');
    const rows = await query
      .where('subjectId', 'in', ids.slice(first, first + IDS))
      .orderBy('seq')
      .execute();
    for (const row of rows) found.set(row.subjectId, [...(found.get(row.subjectId) ?? []), row]);
  }
  return found;
}
