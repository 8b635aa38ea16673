import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Lineage of split and merged patches, and which places each detection belongs to. Mirrors schema-lineage.ts. */
export async function createLineageTables(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('lineage_acts')
    .addColumn('seq', types.sequence)
    .addColumn('id', types.text, (column) => column.notNull().unique())
    .addColumn('kind', types.text, (column) => column.notNull())
    .addColumn('undoes', types.text, (column) => column.unique())
    .addColumn('actor', types.text, (column) => column.notNull())
    .addColumn('reason', types.text, (column) => column.notNull())
    .addColumn('at', types.text, (column) => column.notNull())
    .addColumn('differenceM2', types.number, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  // Takes the place of patch_pieces, which knew one parent only and was never written to.
  await db.schema.dropTable('patch_pieces').execute();
  await db.schema
    .createTable('patch_lineage')
    .addColumn('actId', types.text, (column) => column.notNull().references('lineage_acts.id'))
    .addColumn('parentId', types.text, (column) => column.notNull().references('patches.id'))
    .addColumn('childId', types.text, (column) => column.notNull().references('patches.id'))
    .addColumn('areaM2', types.number, (column) => column.notNull())
    .addPrimaryKeyConstraint('patch_lineage_key', ['parentId', 'childId'] as never[])
    .modifyEnd(types.tableOptions)
    .execute();
  await db.schema
    .createTable('place_links')
    .addColumn('detectionId', types.text, (column) => column.notNull().references('detections.id'))
    .addColumn('patchId', types.text, (column) => column.notNull().references('patches.id'))
    .addColumn('placeId', types.text, (column) => column.notNull().references('places.id'))
    .addColumn('relation', types.text, (column) => column.notNull())
    .addColumn('effect', types.text, (column) => column.notNull())
    .addColumn('sharedM2', types.number, (column) => column.notNull())
    .addColumn('beyondM2', types.number, (column) => column.notNull())
    .addColumn('at', types.text, (column) => column.notNull())
    .addPrimaryKeyConstraint('place_links_key', ['detectionId', 'patchId'] as never[])
    .modifyEnd(types.tableOptions)
    .execute();
  for (const [table, column] of [
    ['patch_lineage', 'childId'],
    ['place_links', 'patchId'],
    ['place_links', 'placeId'],
  ]) {
    await db.schema
      .createIndex(`${table}_by_${column}`)
      .on(table)
      .columns([column] as never[])
      .execute();
  }
  for (const table of ['lineage_acts', 'patch_lineage', 'place_links']) await types.forbidChanges(db, table);
}
