import { randomBytes } from 'node:crypto';
import type { Store } from '../store/open.ts';
import { deleteSession, findSession, insertSession, touchSession } from '../store/sessions.ts';
import type { UserRow } from '../store/users.ts';
import { type Access, hashOf, officeOf } from './keys.ts';

/** A session ends when nothing was asked for so long, */
const idleMs = 2 * 3_600_000;
/** and in any case after a working day. */
const wholeMs = 12 * 3_600_000;
/** Its last use is noted to the minute: looking costs no write. */
const noteMs = 60_000;

/** A new session: the token (256 random bits) is returned this once; only its hash is kept. */
export async function openSession(
  store: Store,
  userName: string,
  at: Date,
): Promise<{ token: string; seconds: number }> {
  const token = randomBytes(32).toString('base64url');
  const moment = at.toISOString();
  const expiresAt = new Date(at.getTime() + wholeMs).toISOString();
  await insertSession(store.db, { hash: hashOf(token), userName, createdAt: moment, seenAt: moment, expiresAt });
  return { token, seconds: wholeMs / 1000 };
}

export interface SessionAccess {
  user: UserRow;
  access: Access;
}

/** Whose session it is and what they may do now; null where it has ended or its user is disabled. */
export async function verifySession(store: Store, token: string, at: Date): Promise<SessionAccess | null> {
  const found = await findSession(store.db, hashOf(token));
  if (found === null) return null;
  const { hash, userName: _, seenAt, expiresAt, ...user } = found;
  const idle = at.getTime() - Date.parse(seenAt);
  if (user.disabledAt !== null || expiresAt <= at.toISOString() || idle >= idleMs) {
    await deleteSession(store.db, hash);
    return null;
  }
  if (idle >= noteMs) await touchSession(store.db, hash, at.toISOString());
  const { name: actor, role, district } = user;
  return { user, access: { actor, role, district, office: officeOf(user) } };
}

/** Logs out; a session that has ended is no error. */
export async function endSession(store: Store, token: string): Promise<void> {
  await deleteSession(store.db, hashOf(token));
}
