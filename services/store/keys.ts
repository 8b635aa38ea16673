import { CompiledQuery, type Insertable, type Kysely, type Selectable } from 'kysely';
import { ServiceError } from '../error.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import type { ApiKeyTable, Database } from './schema.ts';

export type ApiKeyRow = Selectable<ApiKeyTable>;

export async function insertKey(db: Kysely<Database>, key: Insertable<ApiKeyTable>): Promise<void> {
  await db.insertInto('api_keys').values(key).execute();
}

/** The key with this sha256, even if it has expired or was revoked: the caller says which, or null. */
export async function findKeyByHash(db: Kysely<Database>, hash: string): Promise<ApiKeyRow | null> {
  const { rows } = await db.executeQuery<ApiKeyRow>(CompiledQuery.raw(BY_HASH[dialectOf(db)], [hash]));
  return rows[0] ?? null;
}

/** Asked before every answer, so it is compiled once. */
const BY_HASH: Record<Dialect, string> = {
  sqlite: 'select * from api_keys where "hash" = ?',
  postgres: 'select * from api_keys where "hash" = $1',
};

export async function findKey(db: Kysely<Database>, id: string): Promise<ApiKeyRow | null> {
  return (await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function touchKey(db: Kysely<Database>, id: string, lastUsedAt: string): Promise<void> {
  await db.updateTable('api_keys').set({ lastUsedAt }).where('id', '=', id).execute();
}

export async function listKeys(db: Kysely<Database>): Promise<ApiKeyRow[]> {
  return db.selectFrom('api_keys').selectAll().orderBy('createdAt').orderBy('id').execute();
}

/** A key revoked before keeps its first date. Throws ServiceError 'not-found'. */
export async function revokeKey(db: Kysely<Database>, id: string, at: Date): Promise<void> {
  const revokedAt = at.toISOString();
  const result = await db
    .updateTable('api_keys')
    .set((eb) => ({ revokedAt: eb.fn.coalesce('revokedAt', eb.val(revokedAt)) }))
    .where('id', '=', id)
    .executeTakeFirst();
  if (Number(result.numUpdatedRows) === 0) throw new ServiceError('not-found', `There is no API key ${id}.`);
}
