import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** Facts about the workspace that are written at most a few times: simulated ('1'), name, createdAt. */
export async function readMeta(db: Kysely<Database>, key: string): Promise<string | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value ?? null;
}

export async function writeMeta(db: Kysely<Database>, key: string, value: string): Promise<void> {
  await db
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** Takes a fact away if it still says `value`; true for the one caller who did. */
export async function removeMeta(db: Kysely<Database>, key: string, value: string): Promise<boolean> {
  const result = await db.deleteFrom('meta').where('key', '=', key).where('value', '=', value).executeTakeFirst();
  return Number(result.numDeletedRows) === 1;
}
