import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-batches.ts, which says what each column means. */
export async function createBatches(db: Kysely<never>, types: Differences): Promise<void> {
  await createFiles(db, types);
  await createRows(db, types);
  await createLinks(db, types);
  for (const table of ['campaigns', 'batch_links', 'batch_returns']) await types.forbidChanges(db, table);
}

async function createFiles(db: Kysely<never>, types: Differences): Promise<void> {
  let campaigns = db.schema.createTable('campaigns').addColumn('name', types.text, (column) => column.primaryKey());
  for (const name of ['cutOff', 'addedAt', 'addedBy'] as const) {
    campaigns = campaigns.addColumn(name, types.text, (column) => column.notNull()) as typeof campaigns;
  }
  await campaigns.modifyEnd(types.tableOptions).execute();
  let batches = db.schema
    .createTable('batches')
    .addColumn('id', types.text, (column) => column.primaryKey())
    .addColumn('campaign', types.text, (column) => column.references('campaigns.name'))
    .addColumn('sourceLayer', types.text)
    .addColumn('readTo', types.integer, (column) => column.notNull());
  const texts = [
    'name',
    'sha256',
    'format',
    'crs',
    'encoding',
    'fieldsJson',
    'profile',
    'profileJson',
    'month',
  ] as const;
  for (const name of [...texts, 'state', 'notesJson', 'importedAt', 'importedBy'] as const) {
    batches = batches.addColumn(name, types.text, (column) => column.notNull()) as typeof batches;
  }
  await batches.modifyEnd(types.tableOptions).execute();
  await db.schema
    .createTable('batch_files')
    .addColumn('batchId', types.text, (column) => column.notNull().references('batches.id'))
    .addColumn('ending', types.text, (column) => column.notNull())
    .addColumn('part', types.integer, (column) => column.notNull())
    .addColumn('bytes', types.bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('batch_files_key', ['batchId', 'ending', 'part'] as never)
    .modifyEnd(types.tableOptions)
    .execute();
}

async function createRows(db: Kysely<never>, types: Differences): Promise<void> {
  let rows = db.schema
    .createTable('batch_rows')
    .addColumn('batchId', types.text, (column) => column.notNull().references('batches.id'))
    .addColumn('row', types.integer, (column) => column.notNull());
  for (const name of ['number', 'type', 'propertiesJson'] as const) {
    rows = rows.addColumn(name, types.text, (column) => column.notNull()) as typeof rows;
  }
  const said = ['fid', 'district', 'typeCode', 'beforeDate', 'afterDate', 'opinion', 'builtDate', 'problem'] as const;
  for (const name of said) rows = rows.addColumn(name, types.text) as typeof rows;
  await rows
    .addColumn('statedM2', types.number)
    .addColumn('areaM2', types.number)
    .addColumn('geometry', types.bytes)
    .addPrimaryKeyConstraint('batch_rows_key', ['batchId', 'row'] as never)
    .modifyEnd(types.tableOptions)
    .execute();
}

async function createLinks(db: Kysely<never>, types: Differences): Promise<void> {
  let links = db.schema
    .createTable('batch_links')
    .addColumn('seq', types.sequence)
    .addColumn('row', types.integer, (column) => column.notNull())
    .addColumn('sharedM2', types.number, (column) => column.notNull())
    .addColumn('reason', types.text)
    .addColumn('batchId', types.text, (column) => column.notNull().references('batches.id'))
    .addColumn('placeId', types.text, (column) => column.notNull().references('places.id'))
    .addColumn('patchId', types.text, (column) => column.notNull().references('patches.id'));
  for (const name of ['kind', 'comparedJson', 'actor', 'at'] as const) {
    links = links.addColumn(name, types.text, (column) => column.notNull()) as typeof links;
  }
  await links.modifyEnd(types.tableOptions).execute();
  const byRow = ['batchId', 'row', 'seq'] as never[];
  await db.schema.createIndex('batch_links_by_row').on('batch_links').columns(byRow).execute();
  await db.schema
    .createIndex('batch_links_by_patch')
    .on('batch_links')
    .columns(['patchId'] as never[])
    .execute();
  await db.schema
    .createTable('batch_returns')
    .addColumn('seq', types.sequence)
    .addColumn('batchId', types.text, (column) => column.notNull().references('batches.id'))
    .addColumn('receiptJson', types.text, (column) => column.notNull())
    .addColumn('at', types.text, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
}
