import type { Kysely, Selectable } from 'kysely';
import type { EventRow } from './events.ts';
import type { OpinionRow } from './opinions.ts';
import type { PatchRow } from './patches.ts';
import type { Database } from './schema.ts';
import type { PatchLineageTable } from './schema-lineage.ts';

/** What the figures of a month are read from. */

/** Far below the 32,766 values that SQLite takes in one statement. */
const PAGE = 1000;

/** Lineage of split and merged patches that stands: what was taken back is left out. In order of child and parent. */
export async function allPieces(db: Kysely<Database>): Promise<Selectable<PatchLineageTable>[]> {
  return db
    .selectFrom('patch_lineage')
    .selectAll()
    .where('actId', 'not in', (eb) =>
      eb.selectFrom('lineage_acts').select('undoes').where('undoes', 'is not', null).$castTo<{ undoes: string }>(),
    )
    .orderBy('childId')
    .orderBy('parentId')
    .execute();
}

/** Patches found in a month or sent down as its tasks; what was withdrawn with its split or merge is none. */
export async function patchIdsOfMonth(db: Kysely<Database>, month: string): Promise<string[]> {
  const there = db.selectFrom('patches').select('id').where('month', '=', month);
  const found = await there.where('state', '!=', 'withdrawn').execute();
  const sent = await db.selectFrom('month_tasks').select('patchId').where('month', '=', month).execute();
  return [...new Set([...found.map(({ id }) => id), ...sent.map(({ patchId }) => patchId)])].sort();
}

/** Patches of the months before that are in any of `states`, in order of number. */
export async function earlierPatches(
  db: Kysely<Database>,
  month: string,
  states: readonly string[],
): Promise<PatchRow[]> {
  const query = db.selectFrom('patches').selectAll().where('month', '<', month).where('state', 'in', states);
  return query.orderBy('number').execute();
}

/** Patches that may be sent down in a month: found in it or before, and in nobody's hands. */
export async function sendablePatches(db: Kysely<Database>, month: string): Promise<PatchRow[]> {
  const query = db.selectFrom('patches').selectAll().where('month', '<=', month).where('state', '=', 'found');
  return query.orderBy('number').execute();
}

/** In order of number. */
export async function patchesById(db: Kysely<Database>, ids: readonly string[]): Promise<PatchRow[]> {
  const rows = await paged(ids, (page) => db.selectFrom('patches').selectAll().where('id', 'in', page).execute());
  return rows.sort((a, b) => (a.number < b.number ? -1 : 1));
}

/** Events by patch or case, oldest first. */
export async function eventsBySubject(
  db: Kysely<Database>,
  subject: 'patch' | 'case',
  ids: readonly string[],
): Promise<Map<string, EventRow[]>> {
  const rows = await paged(ids, (page) =>
    db
      .selectFrom('events')
      .selectAll()
      .where('subject', '=', subject)
      .where('subjectId', 'in', page)
      .orderBy('seq')
      .execute(),
  );
  return Map.groupBy(rows, ({ subjectId }) => subjectId);
}

/** The opinion that counts of each patch. */
export async function opinionsByPatch(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, OpinionRow>> {
  const rows = await paged(ids, (page) =>
    db.selectFrom('opinions').selectAll().where('patchId', 'in', page).orderBy('seq').execute(),
  );
  return new Map(rows.map((row) => [row.patchId, row]));
}

/** Tasks by patch, of all months, oldest first. */
export async function tasksByPatch(db: Kysely<Database>, ids: readonly string[]) {
  const rows = await paged(ids, (page) =>
    db
      .selectFrom('month_tasks')
      .select(['patchId', 'number', 'month', 'patchVersion'])
      .where('patchId', 'in', page)
      .orderBy('patchVersion')
      .execute(),
  );
  return Map.groupBy(rows, ({ patchId }) => patchId);
}

/** Ids of the cases that cover each patch. */
export async function casesByPatch(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await paged(ids, (page) =>
    db.selectFrom('case_patches').selectAll().where('patchId', 'in', page).orderBy('caseId').execute(),
  );
  const grouped = Map.groupBy(rows, ({ patchId }) => patchId);
  return new Map([...grouped].map(([id, links]) => [id, links.map(({ caseId }) => caseId)]));
}

/** Runs of a month, in the order in which they began. */
export async function runsOfMonth(db: Kysely<Database>, month: string) {
  const query = db.selectFrom('runs').select(['id', 'state', 'startedAt', 'finishedAt']).where('month', '=', month);
  return query.orderBy('startedAt').orderBy('id').execute();
}

async function paged<T>(ids: readonly string[], read: (page: string[]) => Promise<T[]>): Promise<T[]> {
  const rows: T[] = [];
  for (let first = 0; first < ids.length; first += PAGE) rows.push(...(await read(ids.slice(first, first + PAGE))));
  return rows;
}
