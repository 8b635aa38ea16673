import type { Insertable, Kysely, Selectable } from 'kysely';
import { ServiceError } from '../error.ts';
import type { Database, SceneTable } from './schema.ts';

export type SceneRow = Selectable<SceneTable>;

/**
 * Adds a scene. The same file is the same scene: where it is already there, nothing is changed and the
 * stored row comes back, for the caller to compare. A removed one is put back with the new description.
 */
export async function addScene(
  db: Kysely<Database>,
  scene: Insertable<SceneTable>,
): Promise<{ scene: SceneRow; isNew: boolean }> {
  const known = await findScene(db, scene.id);
  if (known !== null && known.removedAt === null) return { scene: known, isNew: false };
  // SQLite stores NaN as NULL; say so here, so that both databases hold the same. The file keeps its own.
  const nodata = Number.isNaN(scene.nodata) ? null : scene.nodata;
  const row = { ...scene, nodata, removedAt: null };
  await db
    .insertInto('scenes')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
  return {
    scene: await db.selectFrom('scenes').selectAll().where('id', '=', row.id).executeTakeFirstOrThrow(),
    isNew: true,
  };
}

export async function findScene(db: Kysely<Database>, id: string): Promise<SceneRow | null> {
  return (await db.selectFrom('scenes').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

export interface SceneFilter {
  /** First and last acquisition date, both inclusive, YYYY-MM-DD. */
  from?: string;
  to?: string;
  includeRemoved?: boolean;
}

/** Scenes in order of date, then id; without those removed, unless asked for. */
export async function listScenes(db: Kysely<Database>, filter: SceneFilter = {}): Promise<SceneRow[]> {
  let query = db.selectFrom('scenes').selectAll();
  if (filter.from !== undefined) query = query.where('date', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('date', '<=', filter.to);
  if (filter.includeRemoved !== true) query = query.where('removedAt', 'is', null);
  return query.orderBy('date').orderBy('id').execute();
}

/** Withdraws a scene from future runs. Throws ServiceError 'not-found'. */
export async function removeScene(db: Kysely<Database>, id: string, at: Date): Promise<void> {
  const removedAt = at.toISOString();
  const result = await db.updateTable('scenes').set({ removedAt }).where('id', '=', id).executeTakeFirst();
  if (Number(result.numUpdatedRows) === 0) throw new ServiceError('not-found', `There is no scene ${id}.`);
}
