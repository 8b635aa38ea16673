import { type Kysely, sql } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-embargo.ts; and the indexes by which lists are filtered, counted and told apart. */
export async function createEmbargoes(db: Kysely<never>, types: Differences): Promise<void> {
  let table = db.schema
    .createTable('embargoes')
    .addColumn('seq', types.sequence)
    .addColumn('id', types.text, (column) => column.notNull().unique());
  for (const name of ['month', 'lifts'] as const) table = table.addColumn(name, types.text) as typeof table;
  for (const name of ['district', 'until', 'levels', 'roles', 'reason', 'actor', 'at'] as const) {
    table = table.addColumn(name, types.text, (column) => column.notNull()) as typeof table;
  }
  await table.modifyEnd(types.tableOptions).execute();
  // An embargo is lifted once.
  await sql`create unique index embargoes_by_lifts on embargoes ("lifts")`.execute(db);
  await types.forbidChanges(db, 'embargoes');
  await types.insertInCommitOrder(db, 'embargoes');
  await createListIndexes(db);
}

async function createListIndexes(db: Kysely<never>): Promise<void> {
  // The last due date that has passed says which patches are overdue.
  await sql`create index "patches_by_dueAt" on patches ("dueAt")`.execute(db);
  // Few events of many: who was given a patch, and what somebody noted.
  await sql`create index events_giving on events ("subjectId")
    where "subject" = 'patch' and "action" in ('assign', 'succeed')`.execute(db);
  await sql`create index events_noted on events ("subjectId")
    where "subject" = 'patch' and "payloadJson" like '%"note":%'`.execute(db);
}
