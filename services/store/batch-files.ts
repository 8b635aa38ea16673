import type { Insertable, Kysely, Selectable } from 'kysely';
import { ServiceError } from '../error.ts';
import { insertRows } from './insert.ts';
import type { Database } from './schema.ts';
import type { BatchReturnTable, BatchRowTable, BatchTable, CampaignTable } from './schema-batches.ts';

export type BatchFile = Selectable<BatchTable>;
export type BatchRow = Selectable<BatchRowTable>;
export type CampaignRow = Selectable<CampaignTable>;

export async function findCampaign(db: Kysely<Database>, name: string): Promise<CampaignRow | null> {
  return (await db.selectFrom('campaigns').selectAll().where('name', '=', name).executeTakeFirst()) ?? null;
}

export async function insertCampaign(db: Kysely<Database>, campaign: Insertable<CampaignTable>): Promise<void> {
  await insertRows(db, 'campaigns', [campaign], { skipKnown: true });
}

/** Puts a batch in that is not there yet, and gives the one that is. */
export async function beginBatch(db: Kysely<Database>, batch: Insertable<BatchTable>): Promise<BatchFile> {
  await insertRows(db, 'batches', [batch], { skipKnown: true });
  return (await findBatch(db, batch.id))!;
}

async function findBatch(db: Kysely<Database>, id: string): Promise<BatchFile | null> {
  return (await db.selectFrom('batches').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** By the beginning of its id. @throws ServiceError not-found; bad-input where several begin so */
export async function batchNamed(db: Kysely<Database>, start: string): Promise<BatchFile> {
  const query = db.selectFrom('batches').selectAll().where('id', '>=', start).where('id', '<', `${start}\uffff`);
  const found = start === '' ? [] : await query.orderBy('id').limit(2).execute();
  if (found.length === 0) throw new ServiceError('not-found', `There is no batch ${start}.`);
  const [first, other] = found;
  if (other === undefined || first.id === start) return first;
  throw new ServiceError(
    'bad-input',
    `Several batches begin with ${start}: ${first.id}, ${other.id}; wanted more of it.`,
  );
}

/** In the order they came. */
export async function listBatches(db: Kysely<Database>): Promise<BatchFile[]> {
  return db.selectFrom('batches').selectAll().orderBy('importedAt').orderBy('id').execute();
}

export async function updateBatch(
  db: Kysely<Database>,
  id: string,
  values: Partial<Pick<BatchFile, 'state' | 'readTo' | 'notesJson'>>,
): Promise<void> {
  await db.updateTable('batches').set(values).where('id', '=', id).execute();
}

/** Takes away what a failed import has put in. */
export async function dropBatch(db: Kysely<Database>, id: string): Promise<void> {
  await db.deleteFrom('batch_files').where('batchId', '=', id).execute();
  await db.deleteFrom('batch_rows').where('batchId', '=', id).execute();
  await db.deleteFrom('batches').where('id', '=', id).execute();
}

export async function insertFilePart(
  db: Kysely<Database>,
  part: { batchId: string; ending: string; part: number; bytes: Uint8Array },
): Promise<void> {
  await insertRows(db, 'batch_files', [part], { skipKnown: true });
}

/** What the received file is made of, e.g. .dbf, .prj, .shp. */
export async function fileEndings(db: Kysely<Database>, batchId: string): Promise<string[]> {
  const query = db.selectFrom('batch_files').select('ending').distinct().where('batchId', '=', batchId);
  return (await query.orderBy('ending').execute()).map(({ ending }) => ending);
}

/** The bytes of one of these, piece by piece. */
export async function* fileParts(db: Kysely<Database>, batchId: string, ending: string): AsyncGenerator<Uint8Array> {
  for (let part = 0; ; part++) {
    const query = db.selectFrom('batch_files').select('bytes').where('batchId', '=', batchId);
    const row = await query.where('ending', '=', ending).where('part', '=', part).executeTakeFirst();
    if (row === undefined) return;
    yield row.bytes;
  }
}

export async function insertBatchRows(db: Kysely<Database>, rows: readonly Insertable<BatchRowTable>[]): Promise<void> {
  await insertRows(db, 'batch_rows', rows);
}

const PAGE = 1000;

/** The rows of a batch in the order of its file. */
export async function* batchRows(db: Kysely<Database>, batchId: string): AsyncGenerator<BatchRow> {
  for (let after = -1; ; ) {
    const query = db.selectFrom('batch_rows').selectAll().where('batchId', '=', batchId).where('row', '>', after);
    const page = await query.orderBy('row').limit(PAGE).execute();
    yield* page;
    if (page.length < PAGE) return;
    after = page[page.length - 1].row;
  }
}

/** By number, or by place in the file written as #12 (from 1). @throws ServiceError not-found, or bad-input: several */
export async function batchRowNamed(db: Kysely<Database>, batchId: string, name: string): Promise<BatchRow> {
  const place = /^#(\d+)$/.exec(name);
  const query = db.selectFrom('batch_rows').selectAll().where('batchId', '=', batchId);
  const rows = await (place ? query.where('row', '=', Number(place[1]) - 1) : query.where('number', '=', name))
    .orderBy('row')
    .limit(2)
    .execute();
  if (rows.length === 0) throw new ServiceError('not-found', `The batch ${batchId} has no row ${name}.`);
  if (rows.length === 1) return rows[0];
  const places = rows.map(({ row }) => `#${row + 1}`).join(', ');
  throw new ServiceError(
    'bad-input',
    `Several rows of the batch have the number ${name}: name one by its place: ${places}.`,
  );
}

export async function insertReturn(db: Kysely<Database>, row: Insertable<BatchReturnTable>): Promise<void> {
  await db.insertInto('batch_returns').values(row).execute();
}
