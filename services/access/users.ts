import { ServiceError } from '../error.ts';
import { PRODUCT } from '../lifecycle/event.ts';
import type { Level } from '../lifecycle/transition-row.ts';
import { forgetTriesOf } from '../store/login-tries.ts';
import type { Store } from '../store/open.ts';
import { deleteSessionsOf } from '../store/sessions.ts';
import { findUser, insertUser, type UserRow, updateUser } from '../store/users.ts';
import { hashOf, type Role } from './keys.ts';
import { hashPassword, isPassword, type PasswordCost, requireStrong } from './passwords.ts';

export interface NewUser {
  /** What is typed to log in. */
  name: string;
  displayName?: string | undefined;
  password: string;
  role: Role;
  level?: Level | undefined;
  /** District code prefix; '' = all. */
  district: string;
  /** Whether the password is only for the first log-in. */
  mustChange: boolean;
  cost?: PasswordCost;
}

/** What of a user may be told: all but the password's hash and another provider's name for the person. */
export type ToldUser = Omit<UserRow, 'passwordHash' | 'mustChange' | 'subject'> & { mustChange: boolean };

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

/** @throws ServiceError bad-input for a name that is taken or no name, a weak password, a bad district */
export async function addUser(store: Store, user: NewUser, at: Date): Promise<ToldUser> {
  const { displayName, password, role, level, district, mustChange, cost } = user;
  const name = userName(user.name);
  requireName(name);
  requireDistrict(district);
  requireStrong(password, name);
  const row: UserRow = {
    ...{ name, displayName: displayName?.trim() || name, role, level: level ?? null, district },
    passwordHash: await hashPassword(password, cost),
    ...{ createdAt: at.toISOString(), disabledAt: null, mustChange: mustChange ? 1 : 0 },
    ...{ issuer: null, subject: null },
  };
  await insertUser(store.db, row);
  return told(row);
}

/** Case and width do not make another name. */
export function userName(typed: string): string {
  return typed.trim().normalize('NFKC').toLowerCase();
}

export function told({ passwordHash: _, subject: __, mustChange, ...user }: UserRow): ToldUser {
  return { ...user, mustChange: mustChange === 1 };
}

/** @throws ServiceError not-found */
export async function userNamed(store: Store, name: string): Promise<UserRow> {
  const row = await findUser(store.db, userName(name));
  if (row === null) throw new ServiceError('not-found', `There is no user ${name}.`);
  return row;
}

/** Ends all sessions too. @throws ServiceError not-found */
export async function disableUser(store: Store, name: string, at: Date): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await updateUser(trx, userName(name), { disabledAt: at.toISOString() });
    await deleteSessionsOf(trx, userName(name));
  });
}

/** @throws ServiceError not-found */
export async function enableUser(store: Store, name: string): Promise<void> {
  await updateUser(store.db, userName(name), { disabledAt: null });
}

/** Forgets the wrong passwords that locked a name. */
export async function letInAgain(store: Store, name: string): Promise<void> {
  await forgetTriesOf(store.db, hashOf(userName(name)));
}

export type Duty = Pick<NewUser, 'role' | 'district' | 'level'>;

/** Counts from the next request on, also in sessions that are open. @throws ServiceError not-found, bad-input */
export async function setDuty(store: Store, name: string, { role, district, level }: Duty): Promise<void> {
  requireDistrict(district);
  await updateUser(store.db, userName(name), { role, district, level: level ?? null });
}

/** A password given by somebody else; it must be changed at the next log-in. All sessions end. */
export async function resetPassword(store: Store, name: string, password: string, cost?: PasswordCost): Promise<void> {
  const user = await userNamed(store, name);
  if (user.issuer !== null) {
    throw new ServiceError('bad-input', `${user.name} is logged in by ${user.issuer}; a password is changed there.`);
  }
  requireStrong(password, user.name);
  await setPassword(store, user.name, await hashPassword(password, cost), 1);
}

/**
 * A password changed by its owner. All sessions end.
 * @throws ServiceError bad-input where the new one is weak or the old one
 */
export async function changePassword(store: Store, user: UserRow, password: string): Promise<void> {
  requireStrong(password, user.name);
  if (await isPassword(password, user.passwordHash)) {
    throw new ServiceError('bad-input', 'The new password must be another than the one before.');
  }
  await setPassword(store, user.name, await hashPassword(password), 0);
}

async function setPassword(store: Store, name: string, passwordHash: string, mustChange: number): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await updateUser(trx, name, { passwordHash, mustChange });
    await deleteSessionsOf(trx, name);
  });
}

/** @throws ServiceError bad-input */
export function requireName(name: string): void {
  if (!namePattern.test(name)) {
    const wanted = 'A user name has 1 to 64 letters, digits, dots, hyphens or underscores';
    throw new ServiceError('bad-input', `${wanted}; got '${name.slice(0, 80)}'.`);
  }
  if ([PRODUCT, 'system', 'login', 'local', 'console'].includes(name)) {
    throw new ServiceError('bad-input', `'${name}' is what the product calls itself; somebody else must be named.`);
  }
}

function requireDistrict(district: string): void {
  if (/^\d{0,12}$/.test(district)) return;
  const wanted = 'The district of a user must be the first digits of a district code';
  throw new ServiceError('bad-input', `${wanted}; got '${district.slice(0, 80)}'.`);
}
