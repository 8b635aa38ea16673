import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-field.ts, which says what each column means. */
export async function createFieldTables(db: Kysely<never>, types: Differences): Promise<void> {
  await createPhotos(db, types);
  await createReadings(db, types);
  await createClues(db, types);
}

async function createPhotos(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('photos')
    .addColumn('seq', types.sequence)
    .addColumn('id', types.text, (column) => column.notNull().unique())
    .addColumn('patchId', types.text, (column) => column.notNull().references('patches.id'))
    .addColumn('district', types.text, (column) => column.notNull())
    .addColumn('sha256', types.text, (column) => column.notNull())
    .addColumn('format', types.text, (column) => column.notNull())
    .addColumn('bytes', types.integer, (column) => column.notNull())
    .addColumn('width', types.integer)
    .addColumn('height', types.integer)
    .addColumn('factsJson', types.text, (column) => column.notNull())
    .addColumn('grey', types.bytes)
    .addColumn('takenBy', types.text)
    .addColumn('addedAt', types.text, (column) => column.notNull())
    .addColumn('packId', types.text)
    .modifyEnd(types.tableOptions)
    .execute();
  await db.schema
    .createIndex('photos_by_patch')
    .on('photos')
    .columns(['patchId', 'seq'] as never[])
    .execute();
  await types.forbidChanges(db, 'photos');
}

async function createReadings(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('field_devices')
    .addColumn('id', types.text, (column) => column.primaryKey().notNull())
    .addColumn('name', types.text, (column) => column.notNull())
    .addColumn('publicKey', types.text, (column) => column.notNull())
    .addColumn('addedAt', types.text, (column) => column.notNull())
    .addColumn('revokedAt', types.text)
    .modifyEnd(types.tableOptions)
    .execute();
  await db.schema
    .createTable('readings')
    .addColumn('id', types.text, (column) => column.primaryKey().notNull())
    .addColumn('sha256', types.text, (column) => column.notNull())
    .addColumn('deviceId', types.text, (column) => column.notNull().references('field_devices.id'))
    .addColumn('readingJson', types.text, (column) => column.notNull())
    .addColumn('signature', types.text, (column) => column.notNull())
    .addColumn('addedAt', types.text, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  await db.schema
    .createIndex('readings_by_photo')
    .on('readings')
    .columns(['sha256'] as never[])
    .execute();
  await types.forbidChanges(db, 'readings');
}

async function createClues(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('clues')
    .addColumn('id', types.text, (column) => column.primaryKey().notNull())
    .addColumn('source', types.text, (column) => column.notNull())
    .addColumn('who', types.text, (column) => column.notNull())
    .addColumn('text', types.text, (column) => column.notNull())
    .addColumn('at', types.text, (column) => column.notNull())
    .addColumn('addedAt', types.text, (column) => column.notNull())
    .addColumn('district', types.text, (column) => column.notNull())
    .addColumn('placeId', types.text, (column) => column.notNull().references('places.id'))
    .addColumn('patchId', types.text, (column) => column.notNull().references('patches.id'))
    .addColumn('opened', types.integer, (column) => column.notNull())
    .addColumn('geometryJson', types.text, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  await db.schema
    .createIndex('clues_by_place')
    .on('clues')
    .columns(['placeId', 'at'] as never[])
    .execute();
  await types.forbidChanges(db, 'clues');
}
