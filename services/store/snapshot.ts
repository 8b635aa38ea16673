import { sql } from 'kysely';
import { ServiceError } from '../error.ts';
import type { Store } from './open.ts';
import { openPostgres, unusablePostgres } from './postgres.ts';

/**
 * Copies a SQLite store as it stands at this moment into a new file, while others go on writing.
 * @param target what the copy is for, as the refusal names it
 * @throws ServiceError store-unusable
 */
export async function snapshotSqlite({ db }: Store, path: string, target: string): Promise<void> {
  try {
    await sql`vacuum into ${path}`.execute(db);
  } catch (error) {
    const code = String(((error as ServiceError).cause as { code?: unknown } | undefined)?.code ?? '');
    const reason = /^SQLITE_(FULL|IOERR_WRITE)/.test(code) ? 'the disk is full' : (error as Error).message;
    const line = `${target}: the database cannot be copied there: ${reason.replace(/\.?$/, '.')}`;
    throw new ServiceError('store-unusable', line, undefined, error);
  }
}

/** What SQLite finds wrong with its file, the first of it; null where it is sound. */
export async function damageOfSqlite({ db }: Store): Promise<string | null> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(1)`.execute(db);
  if (rows[0].integrity_check !== 'ok') return rows[0].integrity_check;
  const lost = await sql<{ table: string; parent: string }>`pragma foreign_key_check`.execute(db);
  const [first] = lost.rows;
  return first === undefined ? null : `a row of ${first.table} lacks what it refers to in ${first.parent}`;
}

/** How many tables a PostgreSQL database has; none are made. @throws ServiceError store-unusable */
export async function tablesOfPostgres(url: string): Promise<number> {
  const db = openPostgres(url);
  try {
    const { rows } = await sql<{ count: number }>`select count(*) as count from pg_tables
      where schemaname = current_schema()`.execute(db);
    return Number(rows[0].count);
  } catch (error) {
    throw unusablePostgres(url, error);
  } finally {
    await db.destroy();
  }
}

/** Empties a database again that was empty before something was restored into it. */
export async function emptyPostgres(url: string): Promise<void> {
  const db = openPostgres(url);
  try {
    const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(db);
    const schema = sql.ref(rows[0].name);
    await sql`drop schema ${schema} cascade`.execute(db);
    await sql`create schema ${schema}`.execute(db);
  } finally {
    await db.destroy();
  }
}
