import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { Database, LayerNoteTable, LayerTable } from './schema.ts';

export type LayerRow = Selectable<LayerTable>;
export type LayerNoteRow = Selectable<LayerNoteTable>;

/** Opens a version; its number follows on that of the last import. */
export async function insertLayer(db: Kysely<Database>, layer: Omit<Insertable<LayerTable>, 'seq'>): Promise<void> {
  const { last } = await db
    .selectFrom('layers')
    .select((eb) => eb.fn.max<number | null>('seq').as('last'))
    .executeTakeFirstOrThrow();
  await db
    .insertInto('layers')
    .values({ ...layer, seq: Number(last ?? 0) + 1 })
    .execute();
}

/** All versions of all layers, unfinished ones too, in order of name, then first valid day, then import. */
export async function listLayers(db: Kysely<Database>): Promise<LayerRow[]> {
  return db.selectFrom('layers').selectAll().orderBy('name').orderBy('validFrom').orderBy('seq').execute();
}

export async function findLayer(db: Kysely<Database>, id: string): Promise<LayerRow | null> {
  return (await db.selectFrom('layers').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function updateLayer(db: Kysely<Database>, id: string, change: Partial<LayerRow>): Promise<void> {
  await db.updateTable('layers').set(change).where('id', '=', id).execute();
}

/** Takes a version that was never finished away, with its zones and notes. */
export async function dropLayer(db: Kysely<Database>, id: string): Promise<void> {
  await db.deleteFrom('zones').where('layerId', '=', id).execute();
  await db.deleteFrom('layer_notes').where('layerId', '=', id).execute();
  await db.deleteFrom('layers').where('id', '=', id).execute();
}

export async function insertLayerNotes(
  db: Kysely<Database>,
  notes: readonly Insertable<LayerNoteTable>[],
): Promise<void> {
  await insertRows(db, 'layer_notes', notes);
}

/** What was done to the features of an import, in order of the file; of one kind where it is named; after one's seq. */
export async function listLayerNotes(
  db: Kysely<Database>,
  layerId: string,
  kind?: LayerNoteRow['kind'],
  most?: number,
  after = 0,
): Promise<LayerNoteRow[]> {
  let query = db.selectFrom('layer_notes').selectAll().where('layerId', '=', layerId).where('seq', '>', after);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (most !== undefined) query = query.limit(most);
  return query.orderBy('seq').execute();
}

/** How many notes of each kind an import has. */
export async function countLayerNotes(
  db: Kysely<Database>,
  layerId: string,
): Promise<Record<LayerNoteRow['kind'], number>> {
  const rows = await db
    .selectFrom('layer_notes')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('count')])
    .where('layerId', '=', layerId)
    .groupBy('kind')
    .execute();
  const counts = { repaired: 0, rejected: 0, outside: 0, note: 0 };
  for (const { kind, count } of rows) counts[kind] = Number(count);
  return counts;
}
