import type { Kysely } from 'kysely';
import type { CellTable, Database } from './schema.ts';

export type CellRow = CellTable;

/** Cells fetched at a time: results are large, and a county has thousands. */
const BATCH = 32;

/** Stores the result of one tile pair; doing it again replaces it. */
export async function putCell(db: Kysely<Database>, cell: CellRow): Promise<void> {
  const { district, result } = cell;
  await db
    .insertInto('cells')
    .values(cell)
    .onConflict((conflict) => conflict.columns(['runId', 'key']).doUpdateSet({ district, result }))
    .execute();
}

export async function cellKeys(db: Kysely<Database>, runId: string): Promise<string[]> {
  const rows = await db.selectFrom('cells').select('key').where('runId', '=', runId).orderBy('key').execute();
  return rows.map((row) => row.key);
}

/**
 * The cells of a run in order of key, fetched a few at a time. Each result starts at byte 0 of a buffer
 * of its own, so that a typed array of any width can be laid over it.
 */
export async function* readCells(db: Kysely<Database>, runId: string): AsyncGenerator<CellRow> {
  for (let after: string | null = null; ; ) {
    let query = db.selectFrom('cells').selectAll().where('runId', '=', runId);
    if (after !== null) query = query.where('key', '>', after);
    const rows: CellRow[] = await query.orderBy('key').limit(BATCH).execute();
    for (const row of rows) yield { ...row, result: new Uint8Array(row.result) };
    if (rows.length < BATCH) return;
    after = rows[rows.length - 1].key;
  }
}
