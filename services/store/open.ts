import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { type Dialect, dialectOf } from './dialect.ts';
import { HidingPlugin } from './hiding.ts';
import { migrations } from './migrations/list.ts';
import { openPostgres, unusablePostgres } from './postgres.ts';
import type { Database } from './schema.ts';
import { openSqlite, unusableSqlite } from './sqlite.ts';

/** Where a store lies: a file, or ':memory:', or a postgres:// URL. */
export type StoreLocation = { sqlite: string } | { postgres: string };

/**
 * An open store with all its tables. Columns carry the names of schema.ts literally, so in `sql`
 * snippets they must be quoted: write ${sql.ref('dueAt')} or "dueAt".
 */
export interface Store {
  db: Kysely<Database>;
  dialect: Dialect;
  /** Does long reading on a connection of its own where there is one to be had, so that nobody waits for it. */
  aside?<T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens a store and brings its tables up to date; a new one is created. Safe when two processes do it at once.
 * Throws ServiceError 'store-unusable', in one line, when that cannot be.
 */
export async function openStore(location: StoreLocation): Promise<Store> {
  const whole = 'sqlite' in location ? openSqlite(location.sqlite) : openPostgres(location.postgres);
  const db = whole.withPlugin(new HidingPlugin());
  const dialect = dialectOf(db);
  const migrator = new Migrator({ db, provider: migrations(dialect) });
  const { error } = await migrator.migrateToLatest().catch((error: unknown) => ({ error }));
  if (error !== undefined) {
    await db.destroy();
    const cause = isFromNewerVersion(error) ? new Error('it was written by a newer version of Tuban') : error;
    throw 'sqlite' in location ? unusableSqlite(location.sqlite, cause) : unusablePostgres(location.postgres, cause);
  }
  return { db, dialect, aside: asideOf(location, db), close: () => db.destroy() };
}

/** PostgreSQL has a pool of connections, and what is in memory has but one. */
function asideOf(location: StoreLocation, db: Kysely<Database>): NonNullable<Store['aside']> {
  if ('postgres' in location || location.sqlite === ':memory:') return (work) => work(db);
  return async (work) => {
    const other = openSqlite(location.sqlite).withPlugin(new HidingPlugin());
    try {
      return await work(other);
    } finally {
      await other.destroy();
    }
  };
}

function isFromNewerVersion(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('corrupted migrations');
}
