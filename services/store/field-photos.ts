import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { PhotoTable, ReadingTable } from './schema-field.ts';

export type PhotoRow = Selectable<PhotoTable>;
export type ReadingRow = Selectable<ReadingTable>;

/** What photos are compared by. */
export type PhotoLook = Pick<PhotoRow, 'seq' | 'id' | 'patchId' | 'sha256' | 'grey' | 'factsJson'>;

/** False where the photo is known as evidence of the patch already. */
export async function insertPhoto(db: Kysely<Database>, photo: Insertable<PhotoTable>): Promise<boolean> {
  const insert = db.insertInto('photos').values(photo);
  const result = await insert.onConflict((conflict) => conflict.column('id').doNothing()).executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows) === 1;
}

export async function findPhoto(db: Kysely<Database>, id: string): Promise<PhotoRow | null> {
  return (await db.selectFrom('photos').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** The photos of a patch, or all there are, in the order they came in. */
export async function listPhotos(db: Kysely<Database>, patchId?: string): Promise<PhotoRow[]> {
  let query = db.selectFrom('photos').selectAll();
  if (patchId !== undefined) query = query.where('patchId', '=', patchId);
  return query.orderBy('seq').execute();
}

/** A photo handed in for another patch of the same ground. */
export type EarlierPhoto = Pick<PhotoRow, 'id' | 'patchId' | 'sha256' | 'format' | 'takenBy' | 'addedAt'> & {
  number: string;
};

/** The photos of some patches, in the order they came in. */
export async function photosOfPatches(db: Kysely<Database>, patchIds: readonly string[]): Promise<EarlierPhoto[]> {
  if (patchIds.length === 0) return [];
  return db
    .selectFrom('photos')
    .innerJoin('patches', 'patches.id', 'photos.patchId')
    .select(['photos.id', 'photos.patchId', 'photos.sha256', 'photos.format', 'photos.takenBy', 'photos.addedAt'])
    .select('patches.number')
    .where('photos.patchId', 'in', patchIds)
    .orderBy('photos.seq')
    .execute();
}

/** How all photos of the workspace look, in the order they came in. */
export async function photoLooks(db: Kysely<Database>): Promise<PhotoLook[]> {
  const query = db.selectFrom('photos').select(['seq', 'id', 'patchId', 'sha256', 'grey', 'factsJson']);
  return query.orderBy('seq').execute();
}

/** One that is known already stays. */
export async function insertReading(db: Kysely<Database>, reading: Insertable<ReadingTable>): Promise<void> {
  await db
    .insertInto('readings')
    .values(reading)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** The reading of a photo that came in first, or null. */
export async function readingOf(db: Kysely<Database>, sha256: string): Promise<ReadingRow | null> {
  const query = db.selectFrom('readings').selectAll().where('sha256', '=', sha256);
  return (await query.orderBy('addedAt').orderBy('id').limit(1).executeTakeFirst()) ?? null;
}
