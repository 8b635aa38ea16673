import { sql } from 'kysely';
import type { Store } from '../open.ts';
import { migrations } from './list.ts';

/** Whether the tables are those that this program knows: another version may have changed them since they were opened. */
export async function isOfThisVersion({ db, dialect }: Store): Promise<boolean> {
  const known = Object.keys(await migrations(dialect).getMigrations());
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.length === known.length && rows.every(({ name }) => known.includes(name));
}
