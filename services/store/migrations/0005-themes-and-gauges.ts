import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-themes.ts, which says what each column means. */
export async function createThemeTables(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('patch_themes')
    .addColumn('patchId', types.text, (column) => column.notNull().references('patches.id'))
    .addColumn('theme', types.text, (column) => column.notNull())
    .addColumn('edition', types.text, (column) => column.notNull())
    .addColumn('severity', types.text, (column) => column.notNull())
    .addColumn('becauseJson', types.text, (column) => column.notNull())
    .addPrimaryKeyConstraint('patch_themes_key', ['patchId', 'theme'] as never)
    .modifyEnd(types.tableOptions)
    .execute();
  const byTheme = ['theme', 'severity', 'patchId'] as never[];
  await db.schema.createIndex('patch_themes_by_theme').on('patch_themes').columns(byTheme).execute();
  await db.schema
    .createTable('gauge_inputs')
    .addColumn('seq', types.sequence)
    .addColumn('district', types.text, (column) => column.notNull())
    .addColumn('year', types.text, (column) => column.notNull())
    .addColumn('name', types.text, (column) => column.notNull())
    .addColumn('value', types.number, (column) => column.notNull())
    .addColumn('unit', types.text, (column) => column.notNull())
    .addColumn('source', types.text, (column) => column.notNull())
    .addColumn('enteredAt', types.text, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  const byName = ['year', 'district', 'name', 'seq'] as never[];
  await db.schema.createIndex('gauge_inputs_by_name').on('gauge_inputs').columns(byName).execute();
  await types.forbidChanges(db, 'gauge_inputs');
}
