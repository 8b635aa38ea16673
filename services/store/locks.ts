import type { Kysely } from 'kysely';
import { ServiceError } from '../error.ts';
import { isGone, thisProcess } from './lock-owner.ts';
import type { Database } from './schema.ts';

/**
 * Takes the lock or throws ServiceError 'busy', naming the holder; the same owner cannot take it twice
 * either. The lock of a process that has died is taken over. Not for use inside a transaction: the lock
 * must be seen by others at once.
 */
export async function takeLock(db: Kysely<Database>, name: string, owner: string, at: Date): Promise<void> {
  const takenAt = at.toISOString();
  const taken = await db
    .insertInto('locks')
    .values({ name, owner, takenAt })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst();
  if (Number(taken.numInsertedOrUpdatedRows) === 1) return;
  const holder = await db.selectFrom('locks').selectAll().where('name', '=', name).executeTakeFirst();
  if (holder === undefined) return takeLock(db, name, owner, at); // released in between
  if (isGone(holder.owner)) {
    // Of several that find the holder dead, the one whose update still finds the dead owner wins.
    const update = db.updateTable('locks').set({ owner, takenAt });
    const result = await update.where('name', '=', name).where('owner', '=', holder.owner).executeTakeFirst();
    if (Number(result.numUpdatedRows) === 1) return;
    return takeLock(db, name, owner, at);
  }
  const [host, pid] = holder.owner.split(':');
  const message = `The lock '${name}' is held by process ${pid} on ${host} since ${holder.takenAt}.`;
  throw new ServiceError('busy', message, { lock: name, holder: holder.owner, takenAt: holder.takenAt });
}

/** Who holds a lock, as host:pid…, and since when; null: nobody who is alive. */
export async function lockHolder(
  db: Kysely<Database>,
  name: string,
): Promise<{ owner: string; takenAt: string } | null> {
  const held = await db.selectFrom('locks').select(['owner', 'takenAt']).where('name', '=', name).executeTakeFirst();
  return held === undefined || isGone(held.owner) ? null : held;
}

/** Gives the lock back; one that somebody else holds is left alone. */
export async function releaseLock(db: Kysely<Database>, name: string, owner: string): Promise<void> {
  await db.deleteFrom('locks').where('name', '=', name).where('owner', '=', owner).execute();
}

/** Does `work` while holding the lock in the name of this process. Throws ServiceError 'busy' like takeLock. */
export async function withLock<T>(db: Kysely<Database>, name: string, at: Date, work: () => Promise<T>): Promise<T> {
  const owner = thisProcess();
  await takeLock(db, name, owner, at);
  try {
    return await work();
  } finally {
    await releaseLock(db, name, owner);
  }
}
