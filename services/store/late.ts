import type { Insertable, Kysely, Selectable } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { dialectOf } from './dialect.ts';
import { insertRows } from './insert.ts';
import type { PatchRow } from './patches.ts';
import type { Database, RunTable } from './schema.ts';
import type { LateEffectTable, LateSceneTable } from './schema-watch.ts';
import { whereInBox } from './spatial.ts';

export type LateSceneRow = Selectable<LateSceneTable>;
export type LateEffectRow = Selectable<LateEffectTable>;
export type DoneRun = Pick<Selectable<RunTable>, 'id' | 'month' | 'startedAt' | 'planJson'>;

/** Finished runs, oldest first. */
export async function doneRuns(db: Kysely<Database>): Promise<DoneRun[]> {
  const query = db.selectFrom('runs').select(['id', 'month', 'startedAt', 'planJson']).where('state', '=', 'done');
  return query.orderBy('startedAt').orderBy('id').execute();
}

/** What was dealt with, oldest first. */
export async function lateScenes(db: Kysely<Database>): Promise<LateSceneRow[]> {
  return db.selectFrom('late_scenes').selectAll().orderBy('seq').execute();
}

export async function addLateScene(
  db: Kysely<Database>,
  late: Insertable<LateSceneTable>,
  effects: readonly Insertable<LateEffectTable>[],
): Promise<void> {
  await insertRows(db, 'late_scenes', [late]);
  await insertRows(db, 'late_effects', effects);
}

/** What late and withdrawn scenes meant for patches, with their numbers, oldest first. */
export async function lateEffects(db: Kysely<Database>): Promise<(LateEffectRow & { number: string })[]> {
  return db
    .selectFrom('late_effects')
    .innerJoin('patches', 'patches.id', 'late_effects.patchId')
    .selectAll('late_effects')
    .select('patches.number')
    .orderBy('late_effects.seq')
    .execute();
}

/** Patches whose detection was judged on a scene, in order of number. `box`: of the scene. */
export async function patchesRestingOn(db: Kysely<Database>, sceneId: string, box: LonLatBox): Promise<PatchRow[]> {
  return db
    .selectFrom('patches')
    .innerJoin('detections', 'detections.id', 'patches.detectionId')
    .selectAll('patches')
    .where(whereInBox(dialectOf(db), 'detections', box))
    .where('detections.evidenceJson', 'like', `%"id":"${sceneId}"%`)
    .orderBy('patches.number')
    .execute();
}

/** The reason of the step that last brought a patch into its state; null: none was given. */
export async function reasonOfState(db: Kysely<Database>, patchId: string, state: string): Promise<string | null> {
  const row = await db
    .selectFrom('events')
    .select('reason')
    .where('subject', '=', 'patch')
    .where('subjectId', '=', patchId)
    .where('toState', '=', state)
    .where('action', '!=', 'undo')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.reason ?? null;
}

/** The months whose record counts each patch: in which it was found or sent down; ids by month, oldest first. */
export async function monthsOfPatches(db: Kysely<Database>, ids: readonly string[]): Promise<[string, string[]][]> {
  if (ids.length === 0) return [];
  const found = await db.selectFrom('patches').select(['id', 'month']).where('id', 'in', ids).execute();
  const tasks = db.selectFrom('month_tasks').select(['patchId as id', 'month']).where('patchId', 'in', ids);
  const sent = new Map((await tasks.orderBy('month', 'desc').execute()).map(({ id, month }) => [id, month]));
  const byMonth = Map.groupBy(found, ({ id, month }) => sent.get(id) ?? month);
  const listed = [...byMonth].map(([month, rows]): [string, string[]] => [month, rows.map(({ id }) => id).sort()]);
  return listed.sort(([a], [b]) => (a < b ? -1 : 1));
}
