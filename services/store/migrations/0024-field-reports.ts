import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-field.ts, which says what each column means. */
export async function createFieldReports(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('photo_statements')
    .addColumn('id', types.text, (column) => column.primaryKey().notNull())
    .addColumn('photoId', types.text, (column) => column.notNull().references('photos.id'))
    .addColumn('saidBy', types.text, (column) => column.notNull())
    .addColumn('saidJson', types.text, (column) => column.notNull())
    .addColumn('addedAt', types.text, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  await db.schema
    .createIndex('photo_statements_by_photo')
    .on('photo_statements')
    .columns(['photoId'] as never[])
    .execute();
  await types.forbidChanges(db, 'photo_statements');
  await createForms(db, types);
}

async function createForms(db: Kysely<never>, types: Differences): Promise<void> {
  let forms = db.schema
    .createTable('field_forms')
    .addColumn('id', types.text, (column) => column.primaryKey().notNull())
    .addColumn('patchId', types.text, (column) => column.notNull().references('patches.id'));
  for (const name of ['district', 'sentBy', 'formJson', 'action', 'toState', 'addedAt'] as const) {
    forms = forms.addColumn(name, types.text, (column) => column.notNull()) as typeof forms;
  }
  await forms
    .addColumn('version', types.integer, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  await db.schema
    .createIndex('field_forms_by_patch')
    .on('field_forms')
    .columns(['patchId', 'addedAt'] as never[])
    .execute();
  await types.forbidChanges(db, 'field_forms');
}
