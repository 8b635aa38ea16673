import { type Kysely, PostgresAdapter } from 'kysely';

/** The two databases a store may lie in. */
export type Dialect = 'sqlite' | 'postgres';

/** Which database a connection or transaction talks to, so that functions need only be handed `db`. */
export function dialectOf<DB>(db: Kysely<DB>): Dialect {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';
}
