import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { FieldFormTable, PhotoStatementTable } from './schema-field.ts';

export type PhotoStatementRow = Selectable<PhotoStatementTable>;
export type FieldFormRow = Selectable<FieldFormTable>;

/** One that is known already stays. */
export async function insertStatement(db: Kysely<Database>, statement: Insertable<PhotoStatementTable>): Promise<void> {
  await db
    .insertInto('photo_statements')
    .values(statement)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** What was said first of each of these photos, by the photo's id. */
export async function statementsOf(
  db: Kysely<Database>,
  photoIds: readonly string[],
): Promise<Map<string, PhotoStatementRow>> {
  const first = new Map<string, PhotoStatementRow>();
  if (photoIds.length === 0) return first;
  const query = db.selectFrom('photo_statements').selectAll().where('photoId', 'in', photoIds);
  for (const row of await query.orderBy('addedAt').orderBy('id').execute()) {
    if (!first.has(row.photoId)) first.set(row.photoId, row);
  }
  return first;
}

/** False where it was there before. */
export async function insertForm(db: Kysely<Database>, form: Insertable<FieldFormTable>): Promise<boolean> {
  const insert = db.insertInto('field_forms').values(form);
  const result = await insert.onConflict((conflict) => conflict.column('id').doNothing()).executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows) === 1;
}

export async function findForm(db: Kysely<Database>, id: string): Promise<FieldFormRow | null> {
  return (await db.selectFrom('field_forms').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** The forms of a patch, in the order they came in. */
export async function formsOf(db: Kysely<Database>, patchId: string): Promise<FieldFormRow[]> {
  const query = db.selectFrom('field_forms').selectAll().where('patchId', '=', patchId);
  return query.orderBy('addedAt').orderBy('version').orderBy('id').execute();
}

/** How many photos and forms each of these patches has, by id. */
export async function countsSent(
  db: Kysely<Database>,
  patchIds: readonly string[],
): Promise<Map<string, { photos: number; forms: number }>> {
  const counts = new Map(patchIds.map((id) => [id, { photos: 0, forms: 0 }]));
  if (patchIds.length === 0) return counts;
  for (const [table, what] of [
    ['photos', 'photos'],
    ['field_forms', 'forms'],
  ] as const) {
    const rows = await db
      .selectFrom(table)
      .select(['patchId', (eb) => eb.fn.countAll<number>().as('count')])
      .where('patchId', 'in', patchIds)
      .groupBy('patchId')
      .execute();
    for (const { patchId, count } of rows) counts.get(patchId)![what] = Number(count);
  }
  return counts;
}
