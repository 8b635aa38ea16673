import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { LoginTryTable } from './schema-access.ts';

export type LoginTry = Selectable<LoginTryTable>;

/** Returns its number. Of tries made at once each sees those before it, once it has been inserted. */
export async function insertTry(db: Kysely<Database>, tried: Insertable<LoginTryTable>): Promise<number> {
  const { seq } = await db.insertInto('login_tries').values(tried).returning('seq').executeTakeFirstOrThrow();
  return Number(seq);
}

export async function settleTry(db: Kysely<Database>, seq: number, outcome: LoginTry['outcome']): Promise<void> {
  await db.updateTable('login_tries').set({ outcome }).where('seq', '=', seq).execute();
}

/** The latest `limit` tries that were decided by a password, before the try `before`, latest first. */
export async function triesBefore(
  db: Kysely<Database>,
  by: { nameHash: string } | { address: string },
  before: number,
  limit: number,
): Promise<Pick<LoginTry, 'outcome' | 'at'>[]> {
  let query = db.selectFrom('login_tries').select(['outcome', 'at']).where('outcome', '<>', 'locked');
  if ('address' in by) query = query.where('address', '=', by.address).where('outcome', '=', 'wrong');
  else query = query.where('nameHash', '=', by.nameHash);
  return query.where('seq', '<', before).orderBy('seq', 'desc').limit(limit).execute();
}

export async function forgetTries(db: Kysely<Database>, before: string): Promise<void> {
  await db.deleteFrom('login_tries').where('at', '<', before).execute();
}

/** An administrator lets a name in again. */
export async function forgetTriesOf(db: Kysely<Database>, nameHash: string): Promise<void> {
  await db.deleteFrom('login_tries').where('nameHash', '=', nameHash).execute();
}
