import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { Database, DetectionTable, PlaceTable } from './schema.ts';

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

/** All detections of the months up to and including `month`, oldest first. */
export async function detectionsUpTo(db: Kysely<Database>, month: string): Promise<DetectionRow[]> {
  const query = db.selectFrom('detections').selectAll().where('month', '<=', month);
  return query.orderBy('month').orderBy('id').execute();
}
