import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Keys say in what office their bearer acts. */
export async function addOffices(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema.alterTable('api_keys').addColumn('level', types.text).execute();
}
