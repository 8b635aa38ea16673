import { ServiceError } from '../error.ts';
import { PRODUCT } from '../lifecycle/event.ts';
import { levelOfDistrict } from '../lifecycle/office.ts';
import type { Level } from '../lifecycle/transition-row.ts';
import { type ApiKeyRow, findKey, listKeys, revokeKey } from '../store/keys.ts';
import type { Store } from '../store/open.ts';
import { findUser } from '../store/users.ts';
import { type Access, type KeyGrant, maySee, mintKey, requireRole } from './keys.ts';
import { type Scope, scopesIn } from './scopes.ts';
import { userName } from './users.ts';

/** Ascending, as services/lifecycle/office.ts has them. */
const LEVELS: readonly Level[] = ['town', 'county', 'city', 'province'];

/** Where and at what height somebody stands: what an administrator gives, or whom he changes. */
export type Standing = Pick<KeyGrant, 'district' | 'role'> & { level?: Level | null | undefined };

/**
 * An administrator gives, changes and takes away within his own district tree and up to his own level: who runs a
 * county makes nobody who acts for the province.
 *
 * @throws ServiceError forbidden
 */
export function requireGrantable(access: Access, { district, level }: Standing): void {
  requireRole(access, 'admin');
  if (!maySee(access, district)) {
    const wanted = `a district that begins with ${access.district}`;
    throw new ServiceError('forbidden', `An administrator of ${access.district} needs ${wanted}; got '${district}'.`);
  }
  const own = access.office?.level ?? 'town';
  const given = level ?? levelOfDistrict(district);
  if (LEVELS.indexOf(given) <= LEVELS.indexOf(own)) return;
  throw new ServiceError('forbidden', `An administrator of the level ${own} gives at most that level; got ${given}.`);
}

export interface AskedKey {
  name: string;
  role: KeyGrant['role'];
  district: string;
  level?: Level | undefined;
  scopes?: readonly Scope[] | undefined;
  days: number;
}

/** What of a key may be told: all but its hash. */
export type ToldKey = Omit<ApiKeyRow, 'hash' | 'scopesJson'> & { scopes: Scope[] | null };

export function toldKey({ hash: _, scopesJson, ...key }: ApiKeyRow): ToldKey {
  return { ...key, scopes: scopesIn(scopesJson) };
}

/**
 * Makes a key in an administrator’s name.
 *
 * @throws ServiceError forbidden beyond what the administrator may give; bad-input for a name that is somebody’s, or a
 * scope that its role or district does not fit
 */
export async function grantKey(store: Store, access: Access, asked: AskedKey, at: Date) {
  requireGrantable(access, asked);
  const { days, scopes, ...grant } = asked;
  const name = asked.name.trim();
  await requireFreeName(store, name);
  requireScopesFit(scopes, asked);
  const expiresAt = new Date(at.getTime() + days * 86_400_000);
  const { id, key } = await mintKey(store, { ...grant, name, scopes, expiresAt, createdBy: access.actor }, at);
  return { ...toldKey((await findKey(store.db, id))!), key };
}

/** @throws ServiceError bad-input for scopes that the role or district of a key do not fit */
export function requireScopesFit(scopes: readonly Scope[] | undefined, { role, district }: Standing): void {
  if (scopes !== undefined && role !== 'viewer') {
    throw new ServiceError('bad-input', `A key with scopes only reads: wanted the role viewer; got ${role}.`);
  }
  if (scopes?.includes('metrics') && district !== '') {
    throw new ServiceError('bad-input', `Metrics are of all districts: wanted none; got '${district}'.`);
  }
}

/** The keys that an administrator may see, oldest first. */
export async function keysWithin({ db }: Store, access: Access): Promise<ToldKey[]> {
  requireRole(access, 'admin');
  return (await listKeys(db)).filter(({ district }) => maySee(access, district)).map(toldKey);
}

/** @throws ServiceError not-found also for a key of another district; forbidden for one of a higher level */
export async function endKey({ db }: Store, access: Access, id: string, at: Date): Promise<void> {
  requireRole(access, 'admin');
  const key = await findKey(db, id);
  if (key === null || !maySee(access, key.district)) throw new ServiceError('not-found', `There is no API key ${id}.`);
  requireGrantable(access, key);
  await revokeKey(db, id, at);
}

/** What a key does stands in the history under its name: nobody else’s may be taken. */
async function requireFreeName({ db }: Store, name: string): Promise<void> {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(name)) {
    const wanted = 'A key’s name has 1 to 64 letters, digits, blanks, dots, hyphens or underscores';
    throw new ServiceError('bad-input', `${wanted}; got '${name.slice(0, 80)}'.`);
  }
  const plain = userName(name);
  if (
    ![PRODUCT, 'system', 'login', 'local', 'console', 'run'].includes(plain) &&
    (await findUser(db, plain)) === null
  ) {
    return;
  }
  throw new ServiceError(
    'bad-input',
    `'${name}' is the name of somebody else; what a key does must not be told as theirs.`,
  );
}
