import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-deadlines.ts, which says what each column means. */
export async function createDeadlineTables(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('calendar_years')
    .addColumn('seq', types.sequence)
    .addColumn('year', types.integer, (column) => column.notNull())
    .addColumn('holidaysJson', types.text, (column) => column.notNull())
    .addColumn('makeUpDaysJson', types.text, (column) => column.notNull())
    .addColumn('source', types.text, (column) => column.notNull())
    .addColumn('enteredAt', types.text, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  await db.schema
    .createTable('deadline_rules')
    .addColumn('seq', types.sequence)
    .addColumn('rulesJson', types.text, (column) => column.notNull())
    .addColumn('source', types.text, (column) => column.notNull())
    .addColumn('enteredAt', types.text, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  for (const table of ['calendar_years', 'deadline_rules']) await types.forbidChanges(db, table);
}
