import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-watch.ts, which says what each column means. */
export async function createWatchTables(db: Kysely<never>, types: Differences): Promise<void> {
  await createVerdicts(db, types);
  await createLate(db, types);
  const indexes: [table: string, columns: string[]][] = [
    ['watch_verdicts', ['patchId', 'month']],
    ['watch_verdicts', ['month']],
    ['late_scenes', ['sceneId']],
    ['late_effects', ['patchId']],
    ['late_effects', ['lateId']],
  ];
  for (const [table, columns] of indexes) {
    const name = `${table}_by_${columns.join('_')}`;
    await db.schema
      .createIndex(name)
      .on(table)
      .columns(columns as never[])
      .execute();
  }
  for (const table of ['watch_verdicts', 'late_scenes', 'late_effects']) await types.forbidChanges(db, table);
}

async function createVerdicts(db: Kysely<never>, types: Differences): Promise<void> {
  let table = db.schema.createTable('watch_verdicts').addColumn('seq', types.sequence);
  table = table.addColumn('id', types.text, (column) => column.notNull().unique());
  for (const name of ['patchId', 'district', 'month', 'runId', 'claimId', 'verdict', 'reason'] as const)
    table = table.addColumn(name, types.text, (column) => column.notNull());
  await table
    .addColumn('firstDate', types.text)
    .addColumn('lastDate', types.text)
    .addColumn('observedShare', types.number, (column) => column.notNull())
    .addColumn('evidenceJson', types.text, (column) => column.notNull())
    .addColumn('edition', types.text, (column) => column.notNull())
    .addColumn('step', types.text)
    .addColumn('at', types.text, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
}

async function createLate(db: Kysely<never>, types: Differences): Promise<void> {
  let scenes = db.schema.createTable('late_scenes').addColumn('seq', types.sequence);
  scenes = scenes.addColumn('id', types.text, (column) => column.notNull().unique());
  for (const name of ['sceneId', 'kind', 'month', 'date', 'runId', 'outcomeJson', 'at'] as const)
    scenes = scenes.addColumn(name, types.text, (column) => column.notNull());
  await scenes.modifyEnd(types.tableOptions).execute();
  let effects = db.schema.createTable('late_effects').addColumn('seq', types.sequence);
  for (const name of ['lateId', 'patchId', 'district', 'effect', 'note'] as const)
    effects = effects.addColumn(name, types.text, (column) => column.notNull());
  await effects.modifyEnd(types.tableOptions).execute();
}
