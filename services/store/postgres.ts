import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { ServiceError } from '../error.ts';
import type { Database } from './schema.ts';

/** Connections one process holds at most. */
const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 10_000;

/** PostgreSQL's bigint and numeric (counts, sums) as numbers: ours stay far below 2^53. */
const BIGINT = 20;
const NUMERIC = 1700;

/** Opens a pool of connections to postgres://user@host/database. Connects on first use. */
export function openPostgres(url: string): Kysely<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: { getTypeParser: (oid, format) => (isCount(oid) ? Number : pg.types.getTypeParser(oid, format as 'text')) },
  });
  // An idle connection that breaks is replaced by the pool at the next query; unheard, it would end the process.
  pool.on('error', () => {});
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

function isCount(oid: number): boolean {
  return oid === BIGINT || oid === NUMERIC;
}

/** One line saying what is wrong, without the password that the URL may hold. */
export function unusablePostgres(url: string, cause: unknown): ServiceError {
  const place = URL.canParse(url) ? `${new URL(url).host}${new URL(url).pathname}` : 'the given URL';
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
  const message = `The PostgreSQL store at ${place} cannot be used: ${reason.replace(/\.?$/, '.')}`;
  return new ServiceError('store-unusable', message, undefined, cause);
}
