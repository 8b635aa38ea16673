import type { Insertable, Kysely, Selectable } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { dialectOf } from './dialect.ts';
import { insertRows } from './insert.ts';
import type { Database, DetectionTable, PlaceTable } from './schema.ts';
import { whereInBox } from './spatial.ts';

export type DetectionRow = Selectable<DetectionTable>;
/** Places that are already there stay as they are. */
export async function insertPlaces(db: Kysely<Database>, places: readonly Insertable<PlaceTable>[]): Promise<void> {
  await insertRows(db, 'places', places, { skipKnown: true });
}

/**
 * Their runs and places must have been inserted before. A detection's id is the hash of its content, so
 * one that is already there is the same one and stays.
 */
export async function insertDetections(
  db: Kysely<Database>,
  detections: readonly Insertable<DetectionTable>[],
): Promise<void> {
  await insertRows(db, 'detections', detections, { skipKnown: true });
}

export async function findDetection(db: Kysely<Database>, id: string): Promise<DetectionRow | null> {
  return (await db.selectFrom('detections').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function detectionsOfRun(db: Kysely<Database>, runId: string): Promise<DetectionRow[]> {
  return db.selectFrom('detections').selectAll().where('runId', '=', runId).orderBy('id').execute();
}

/** All that was ever seen at one place, oldest month first. */
export async function detectionsOfPlace(db: Kysely<Database>, placeId: string): Promise<DetectionRow[]> {
  const query = db.selectFrom('detections').selectAll().where('placeId', '=', placeId);
  return query.orderBy('month').orderBy('id').execute();
}

/** Detections of the months before `month` whose boxes meet `box`: where a place may be known from. */
export async function earlierDetections(db: Kysely<Database>, box: LonLatBox, month: string): Promise<DetectionRow[]> {
  return db
    .selectFrom('detections')
    .selectAll()
    .where('month', '<', month)
    .where(whereInBox(dialectOf(db), 'detections', box))
    .orderBy('month')
    .orderBy('id')
    .execute();
}

/** All detections of the months up to and including `month`, oldest first. */
export async function detectionsUpTo(db: Kysely<Database>, month: string): Promise<DetectionRow[]> {
  const query = db.selectFrom('detections').selectAll().where('month', '<=', month);
  return query.orderBy('month').orderBy('id').execute();
}
