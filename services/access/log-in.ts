import { ServiceError } from '../error.ts';
import { forgetTries, insertTry, type LoginTry, settleTry, triesBefore } from '../store/login-tries.ts';
import type { Store } from '../store/open.ts';
import { findUser, type UserRow } from '../store/users.ts';
import { hashOf } from './keys.ts';
import { isPassword } from './passwords.ts';
import { userName } from './users.ts';

export interface LogIn {
  name: string;
  password: string;
  /** Where the request came from. */
  address: string;
}

/** So many wrong passwords within the window lock for as long again, counted from the last. */
const mostForName = 5;
const mostForAddress = 20;
const windowMs = 15 * 60_000;
const keptMs = 24 * 3_600_000;

/** Tries under way at once: each takes 32 MB and a thread that files are read with too. */
const mostAtOnce = 2;
const mostWaiting = 40;

/**
 * The user with this name and password. Every try is counted as wrong before the password is looked at, so that many at
 * once are no more than one after the other; a name that does not exist costs and answers the same.
 *
 * @throws ServiceError unauthenticated (which of name and password was wrong is not told, nor that an account is
 * disabled); too-many-requests with retryAfter in seconds, while locked
 */
export async function logIn(store: Store, { name, password, address }: LogIn, at: Date): Promise<UserRow> {
  const nameHash = hashOf(userName(name));
  const { seq, lockedFor } = await countTry(store, nameHash, address, at);
  if (lockedFor > 0) {
    const minutes = Math.ceil(lockedFor / 60);
    const message = `Too many wrong passwords (密码错误次数过多); wanted a pause, try again in ${minutes} min.`;
    throw new ServiceError('too-many-requests', message, { retryAfter: lockedFor });
  }
  const user = await findUser(store.db, userName(name));
  const right = await inTurn(() => isPassword(password, user?.passwordHash ?? null));
  if (!right || user === null || user.disabledAt !== null) {
    throw new ServiceError('unauthenticated', 'Name or password is wrong (用户名或密码错误).');
  }
  await settleTry(store.db, seq, 'right');
  return user;
}

async function countTry(store: Store, nameHash: string, address: string, at: Date) {
  return store.db.transaction().execute(async (trx) => {
    await forgetTries(trx, new Date(at.getTime() - keptMs).toISOString());
    const seq = await insertTry(trx, { nameHash, address, outcome: 'wrong', at: at.toISOString() });
    const ofName = await triesBefore(trx, { nameHash }, seq, mostForName);
    const ofAddress = await triesBefore(trx, { address }, seq, mostForAddress);
    const until = Math.max(lockedUntil(ofName, mostForName), lockedUntil(ofAddress, mostForAddress));
    const lockedFor = Math.max(0, Math.ceil((until - at.getTime()) / 1000));
    if (lockedFor > 0) await settleTry(trx, seq, 'locked');
    return { seq, lockedFor };
  });
}

/** Tries latest first. When the lock that they bring ends, in ms; 0: they bring none. Tries while locked do not count. */
function lockedUntil(tries: readonly Pick<LoginTry, 'outcome' | 'at'>[], most: number): number {
  if (tries.length < most || tries.some(({ outcome }) => outcome === 'right')) return 0;
  const [last, first] = [Date.parse(tries[0].at), Date.parse(tries[most - 1].at)];
  return last - first <= windowMs ? last + windowMs : 0;
}

let running = 0;
const waiting: (() => void)[] = [];

/** @throws ServiceError busy where more wait than can be served in a while */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= mostAtOnce) {
    if (waiting.length >= mostWaiting) throw new ServiceError('busy', 'Too many people log in at once; try again.');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
