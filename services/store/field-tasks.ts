import type { Kysely, Selectable } from 'kysely';
import type { PatchRow } from './patches.ts';
import type { Database, DetectionTable } from './schema.ts';

/** A patch with what its detection saw. */
export type TaskRow = PatchRow & Pick<Selectable<DetectionTable>, 'geometryJson' | 'beforeDate' | 'afterDate'>;

/** The patches in any of the states, in districts whose code begins so, by number. */
export async function tasksOf(db: Kysely<Database>, district: string, states: readonly string[]): Promise<TaskRow[]> {
  return db
    .selectFrom('patches')
    .innerJoin('detections', 'detections.id', 'patches.detectionId')
    .selectAll('patches')
    .select(['detections.geometryJson', 'detections.beforeDate', 'detections.afterDate'])
    .where('patches.district', '>=', district)
    .where('patches.district', '<', `${district}\uffff`)
    .where('patches.state', 'in', states)
    .orderBy('patches.number')
    .execute();
}

/** Where and until when a task waits: enough to choose those that are shown. */
export type TaskPlace = Pick<PatchRow, 'id' | 'number' | 'district' | 'state' | 'dueAt'> & {
  minLon: number;
  minLat: number;
  maxLon: number;
  maxLat: number;
};

/** The same patches, only as places. */
export async function taskPlaces(
  db: Kysely<Database>,
  district: string,
  states: readonly string[],
): Promise<TaskPlace[]> {
  return db
    .selectFrom('patches')
    .select(['id', 'number', 'district', 'state', 'dueAt', 'minLon', 'minLat', 'maxLon', 'maxLat'])
    .where('district', '>=', district)
    .where('district', '<', `${district}\uffff`)
    .where('state', 'in', states)
    .orderBy('number')
    .execute();
}

/** Of these patches, with what their detections saw, in the order of the ids. */
export async function tasksNamed(db: Kysely<Database>, ids: readonly string[]): Promise<TaskRow[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('patches')
    .innerJoin('detections', 'detections.id', 'patches.detectionId')
    .selectAll('patches')
    .select(['detections.geometryJson', 'detections.beforeDate', 'detections.afterDate'])
    .where('patches.id', 'in', ids)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** The latest notes with which these patches were sent down as tasks, by id of the patch. */
export async function warnNotes(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<Map<string, { at: string; payloadJson: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('events')
    .select(['subjectId', 'at', 'payloadJson'])
    .where('subject', '=', 'patch')
    .where('subjectId', 'in', ids)
    .where('action', '=', 'warn')
    .orderBy('seq')
    .execute();
  return new Map(rows.map(({ subjectId, at, payloadJson }) => [subjectId, { at, payloadJson }]));
}
