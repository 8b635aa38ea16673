import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { IdempotencyTable } from './schema-idempotency.ts';

export type IdempotencyRow = Selectable<IdempotencyTable>;

/** Whose write, under which key. */
export interface WriteKey {
  actor: string;
  key: string;
}

const current = new AsyncLocalStorage<WriteKey>();

/** Does `work` as the write of this key: what it commits says of the key, in the same transaction, that it is done. */
export function underKey<T>(write: WriteKey, work: () => Promise<T>): Promise<T> {
  return current.run(write, work);
}

/**
 * Says, in the transaction that changes something, that the write of the current key is carried out; where nobody sent
 * a key it does nothing. A server killed after the commit has then said so, one killed before it has changed nothing.
 */
export async function markCarriedOut(trx: Kysely<Database>): Promise<void> {
  const write = current.getStore();
  if (write === undefined) return;
  const update = trx.updateTable('idempotency_keys').set({ state: 'carried-out' });
  await update.where('actor', '=', write.actor).where('key', '=', write.key).where('state', '=', 'begun').execute();
}

/** Takes the key for a write; what stands under it where it is taken already. */
export async function takeKey(
  db: Kysely<Database>,
  row: Pick<IdempotencyRow, 'actor' | 'key' | 'request' | 'owner' | 'at'>,
): Promise<IdempotencyRow | null> {
  const insert = db.insertInto('idempotency_keys').values({ ...row, state: 'begun' });
  const taken = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
  if (Number(taken.numInsertedOrUpdatedRows) === 1) return null;
  const found = await rowOf(db, row);
  return found ?? takeKey(db, row); // let go of in between
}

/** Takes over a write that a dead server had begun and not committed; false where another was faster. */
export async function takeOver(db: Kysely<Database>, from: IdempotencyRow, owner: string): Promise<boolean> {
  const result = await db
    .updateTable('idempotency_keys')
    .set({ owner })
    .where('actor', '=', from.actor)
    .where('key', '=', from.key)
    .where('state', '=', 'begun')
    .where('owner', '=', from.owner)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
}

/** Keeps the answer to be given again. */
export async function keepAnswer(
  db: Kysely<Database>,
  { actor, key }: WriteKey,
  answer: { status: number; headersJson: string; body: string },
): Promise<void> {
  const update = db.updateTable('idempotency_keys').set({ ...answer, state: 'answered' });
  await update.where('actor', '=', actor).where('key', '=', key).execute();
}

/** Lets go of the key of a write that changed nothing; that of one that did stays taken. */
export async function letGo(db: Kysely<Database>, { actor, key }: WriteKey): Promise<void> {
  const query = db.deleteFrom('idempotency_keys').where('state', '=', 'begun');
  await query.where('actor', '=', actor).where('key', '=', key).execute();
}

/** Forgets what was asked for before that time. */
export async function forgetKeys(db: Kysely<Database>, before: string): Promise<void> {
  await db.deleteFrom('idempotency_keys').where('at', '<', before).execute();
}

async function rowOf(db: Kysely<Database>, { actor, key }: WriteKey): Promise<IdempotencyRow | undefined> {
  const query = db.selectFrom('idempotency_keys').selectAll();
  return query.where('actor', '=', actor).where('key', '=', key).executeTakeFirst();
}
