import type { Insertable, Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** SQLite takes at most 32,766 values in one statement, PostgreSQL 65,535. */
const MAX_VALUES = 30_000;
/** Beyond this, longer statements are no faster. */
const MAX_ROWS = 1000;

/**
 * Inserts any number of rows in as few statements as the databases allow; all rows have the same columns.
 * Hand it a transaction where all or none must be written. With `skipKnown`, a row whose key is already
 * there is left as it is; otherwise it is an error.
 */
export async function insertRows<T extends keyof Database>(
  db: Kysely<Database>,
  table: T,
  rows: readonly Insertable<Database[T]>[],
  options: { skipKnown?: boolean } = {},
): Promise<void> {
  if (rows.length === 0) return;
  const step = Math.min(MAX_ROWS, Math.floor(MAX_VALUES / Object.keys(rows[0]).length));
  for (let first = 0; first < rows.length; first += step) {
    const insert = db.insertInto(table).values(rows.slice(first, first + step) as never);
    await (options.skipKnown ? insert.onConflict((conflict) => conflict.doNothing()) : insert).execute();
  }
}
