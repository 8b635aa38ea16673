import { ServiceError } from '../../error.ts';
import type { Store } from '../../store/open.ts';
import { deleteSessionsOf } from '../../store/sessions.ts';
import { findUserOf, insertUser, type UserRow, updateUser } from '../../store/users.ts';
import { unusablePassword } from '../passwords.ts';
import { requireName, userName } from '../users.ts';
import { dutyOf, type Mapping } from './mapping.ts';
import type { Vouched } from './provider.ts';

/**
 * The user that a provider vouches for, with what the mapping gives them now; made at the first log-in. Told apart by
 * what the provider never gives twice, not by a name: nobody takes over an account that is called the same.
 *
 * @throws ServiceError forbidden for somebody whom the mapping does not know, whose account is disabled, or whose name
 * is somebody else's
 */
export async function vouchedUser(store: Store, person: Vouched, mapping: Mapping, at: Date): Promise<UserRow> {
  const { issuer, subject, claims } = person;
  const known = await findUserOf(store.db, issuer, subject);
  const duty = dutyOf(claims, mapping);
  if (duty === null) {
    // Whoever has lost the right has no session left either.
    if (known !== null) await deleteSessionsOf(store.db, known.name);
    throw new ServiceError('forbidden', 'This account may not use Tuban (该账号未获授权): no role is mapped to it.');
  }
  if (known?.disabledAt != null) throw new ServiceError('forbidden', 'This account is disabled (该账号已停用).');
  const given = { role: duty.role, district: duty.district, level: duty.level ?? null };
  if (known !== null) {
    await updateUser(store.db, known.name, given);
    return { ...known, ...given };
  }
  const typed = [claims['preferred_username'], claims['email'], subject].find((text) => typeof text === 'string');
  const name = userName(String(typed).replaceAll(/[^\p{L}\p{N}._-]+/gu, '.')).slice(0, 64);
  requireName(name);
  const displayName = typeof claims['name'] === 'string' ? claims['name'].slice(0, 200) : name;
  const row: UserRow = {
    ...{ name, displayName, passwordHash: unusablePassword(), ...given, issuer, subject },
    ...{ createdAt: at.toISOString(), disabledAt: null, mustChange: 0 },
  };
  await insertUser(store.db, row).catch(() => {
    throw new ServiceError('forbidden', `There is a user ${name} already who is somebody else (用户名已被占用).`);
  });
  return row;
}
