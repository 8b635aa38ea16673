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
