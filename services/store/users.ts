import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import { ServiceError } from '../error.ts';
import type { Database } from './schema.ts';
import type { UserTable } from './schema-access.ts';

export type UserRow = Selectable<UserTable>;

/** @throws ServiceError bad-input where the name is taken, also by somebody who was disabled */
export async function insertUser(db: Kysely<Database>, user: Insertable<UserTable>): Promise<void> {
  const insert = db
    .insertInto('users')
    .values(user)
    .onConflict((conflict) => conflict.doNothing());
  if (Number((await insert.executeTakeFirst()).numInsertedOrUpdatedRows) === 1) return;
  throw new ServiceError('bad-input', `There is a user ${user.name} already; names are not given twice.`);
}

export async function findUser(db: Kysely<Database>, name: string): Promise<UserRow | null> {
  return (await db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst()) ?? null;
}

/** Whom another provider vouches for. */
export async function findUserOf(db: Kysely<Database>, issuer: string, subject: string): Promise<UserRow | null> {
  const query = db.selectFrom('users').selectAll().where('issuer', '=', issuer).where('subject', '=', subject);
  return (await query.executeTakeFirst()) ?? null;
}

export async function listUsers(db: Kysely<Database>): Promise<UserRow[]> {
  return db.selectFrom('users').selectAll().orderBy('name').execute();
}

export async function hasUsers(db: Kysely<Database>): Promise<boolean> {
  return (await db.selectFrom('users').select('name').limit(1).executeTakeFirst()) !== undefined;
}

/** @throws ServiceError not-found */
export async function updateUser(db: Kysely<Database>, name: string, to: Updateable<UserTable>): Promise<void> {
  const result = await db.updateTable('users').set(to).where('name', '=', name).executeTakeFirst();
  if (Number(result.numUpdatedRows) === 0) throw new ServiceError('not-found', `There is no user ${name}.`);
}
