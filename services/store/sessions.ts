import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { SessionTable } from './schema-access.ts';
import type { UserRow } from './users.ts';

export type SessionRow = Selectable<SessionTable>;

/** Those that have run out are dropped with every new one. */
export async function insertSession(db: Kysely<Database>, session: Insertable<SessionTable>): Promise<void> {
  await db.deleteFrom('sessions').where('expiresAt', '<=', session.createdAt).execute();
  await db.insertInto('sessions').values(session).execute();
}

/** The session with this sha256 and whose it is, also where it has run out: the caller looks. */
export async function findSession(db: Kysely<Database>, hash: string): Promise<(SessionRow & UserRow) | null> {
  const found = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.name', 'sessions.userName')
    .selectAll('users')
    .select(['hash', 'userName', 'seenAt', 'expiresAt', 'sessions.createdAt'])
    .where('hash', '=', hash)
    .executeTakeFirst();
  return found ?? null;
}

export async function touchSession(db: Kysely<Database>, hash: string, seenAt: string): Promise<void> {
  await db.updateTable('sessions').set({ seenAt }).where('hash', '=', hash).execute();
}

export async function deleteSession(db: Kysely<Database>, hash: string): Promise<void> {
  await db.deleteFrom('sessions').where('hash', '=', hash).execute();
}

export async function deleteSessionsOf(db: Kysely<Database>, userName: string): Promise<void> {
  await db.deleteFrom('sessions').where('userName', '=', userName).execute();
}
