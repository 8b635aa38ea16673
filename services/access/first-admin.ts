import { randomBytes } from 'node:crypto';
import { ServiceError } from '../error.ts';
import { readMeta, removeMeta, writeMeta } from '../store/meta.ts';
import type { Store } from '../store/open.ts';
import { hasUsers } from '../store/users.ts';
import { hashOf } from './keys.ts';
import { addUser, type NewUser, type ToldUser } from './users.ts';

const fact = 'firstAdmin';
const hoursValid = 24;

/**
 * A token with which the first administrator of a workspace without users makes an account, once. Each new token ends
 * the one before. Null where there are users.
 */
export async function offerFirstAdmin(store: Store, at: Date): Promise<string | null> {
  if (await hasUsers(store.db)) return null;
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(at.getTime() + hoursValid * 3_600_000).toISOString();
  await writeMeta(store.db, fact, `${hashOf(token)} ${expiresAt}`);
  return token;
}

export type FirstAdmin = Pick<NewUser, 'name' | 'displayName' | 'password' | 'cost'>;

/**
 * @throws ServiceError unauthenticated where the token is unknown, used or past its end, or there are users; bad-input
 * as addUser does, and the token can be used again
 */
export async function makeFirstAdmin(store: Store, token: string, admin: FirstAdmin, at: Date): Promise<ToldUser> {
  const offered = await readMeta(store.db, fact);
  const [hash, expiresAt] = offered?.split(' ') ?? [];
  const holds = hash === hashOf(token) && expiresAt > at.toISOString() && !(await hasUsers(store.db));
  if (offered === null || !holds || !(await removeMeta(store.db, fact, offered))) {
    throw new ServiceError('unauthenticated', 'The link for the first administrator is used up or has run out.');
  }
  try {
    return await addUser(store, { ...admin, role: 'admin', district: '', mustChange: false }, at);
  } catch (error) {
    await writeMeta(store.db, fact, offered);
    throw error;
  }
}
