import type { Insertable, Kysely, Selectable } from 'kysely';
import { ServiceError } from '../error.ts';
import { insertRows } from './insert.ts';
import type { Database, OverlapTable, PatchTable } from './schema.ts';

export type PatchRow = Selectable<PatchTable>;
export type OverlapRow = Selectable<OverlapTable>;

/** Their places and detections must have been inserted before. A number, or a place's month, given twice is refused. */
export async function insertPatches(db: Kysely<Database>, patches: readonly Insertable<PatchTable>[]): Promise<void> {
  await insertRows(db, 'patches', patches);
}

export async function insertOverlaps(
  db: Kysely<Database>,
  overlaps: readonly Insertable<OverlapTable>[],
): Promise<void> {
  await insertRows(db, 'overlaps', overlaps);
}

export async function findPatch(db: Kysely<Database>, id: string): Promise<PatchRow | null> {
  return (await db.selectFrom('patches').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** The patches of a month, in order of number. */
export async function patchesOfMonth(db: Kysely<Database>, month: string): Promise<PatchRow[]> {
  return db.selectFrom('patches').selectAll().where('month', '=', month).orderBy('number').execute();
}

/** The highest number that begins with `prefix` (district and month), or null: where numbering goes on. */
export async function highestNumber(db: Kysely<Database>, prefix: string): Promise<string | null> {
  const row = await db
    .selectFrom('patches')
    .select('number')
    .where('number', '>=', prefix)
    .where('number', '<', `${prefix}\uffff`)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.number ?? null;
}

/** What lies under a patch, by layer, largest first. */
export async function overlapsOfPatch(db: Kysely<Database>, patchId: string): Promise<OverlapRow[]> {
  const query = db.selectFrom('overlaps').selectAll().where('patchId', '=', patchId);
  return query.orderBy('layer').orderBy('areaM2', 'desc').orderBy('zoneId').execute();
}

/** What the event log says of a patch, put where queries can filter by it. */
export interface PatchProjection {
  state: string;
  dueAt: string | null;
  updatedAt: string;
}

/**
 * Moves a patch's projection on by one version, in the transaction that appends the event. Returns the
 * new version. Throws ServiceError 'version-conflict' when the patch is not at `expectedVersion` any
 * more, 'not-found' when there is none.
 */
export async function projectPatch(
  db: Kysely<Database>,
  id: string,
  expectedVersion: number,
  projection: PatchProjection,
): Promise<number> {
  const version = expectedVersion + 1;
  const result = await db
    .updateTable('patches')
    .set({ ...projection, version })
    .where('id', '=', id)
    .where('version', '=', expectedVersion)
    .executeTakeFirst();
  if (Number(result.numUpdatedRows) === 1) return version;
  const now = await db.selectFrom('patches').select('version').where('id', '=', id).executeTakeFirst();
  if (now === undefined) throw new ServiceError('not-found', `There is no patch ${id}.`);
  const message = `Patch ${id} was changed in between: version ${expectedVersion} was expected, it is at ${now.version}.`;
  throw new ServiceError('version-conflict', message, { version: now.version });
}
