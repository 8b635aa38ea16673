import type { Kysely } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { stateNames } from '../lifecycle/transitions.ts';
import { dialectOf } from './dialect.ts';
import type { PatchRow } from './patches.ts';
import type { Database } from './schema.ts';
import { whereInBox } from './spatial.ts';

/** A patch of this month or earlier, with what its detection saw. */
export interface IssuedPatch {
  placeId: string;
  patchId: string;
  month: string;
  state: string;
  type: string;
  areaM2: number;
  geometryJson: string;
}

/** Patches up to `month` whose boxes meet `box`, latest first: where a place may be known from. */
export async function issuedNear(db: Kysely<Database>, box: LonLatBox, month: string): Promise<IssuedPatch[]> {
  return (
    db
      .selectFrom('patches')
      .innerJoin('detections', 'detections.id', 'patches.detectionId')
      .select(['patches.placeId', 'patches.id as patchId', 'patches.month', 'patches.state', 'patches.areaM2'])
      .select('patches.type')
      .select('detections.geometryJson')
      .where('patches.month', '<=', month)
      // Their ground is that of the patches which stand for them.
      .where('patches.state', 'not in', stateNames('patch', { outcome: 'replaced' }))
      // What stands still in a project's zone is another matter than what changes there: it takes nothing in.
      .where('detections.screening', '!=', 'lead')
      .where(whereInBox(dialectOf(db), 'patches', box))
      .orderBy('patches.month', 'desc')
      .orderBy('patches.id')
      .execute()
  );
}

/** Month and state of every patch there ever was at these places. */
export async function patchesOfPlaces(
  db: Kysely<Database>,
  placeIds: readonly string[],
): Promise<Pick<PatchRow, 'id' | 'placeId' | 'month' | 'state' | 'type'>[]> {
  if (placeIds.length === 0) return [];
  const query = db.selectFrom('patches').select(['id', 'placeId', 'month', 'state', 'type']);
  return query.where('placeId', 'in', placeIds).orderBy('placeId').orderBy('month').execute();
}

/** Those of the places that are known. */
export async function knownPlaces(db: Kysely<Database>, placeIds: readonly string[]): Promise<string[]> {
  const rows = await db.selectFrom('places').select('id').where('id', 'in', placeIds).execute();
  return rows.map(({ id }) => id);
}
