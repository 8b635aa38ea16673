import { createHash, randomBytes } from 'node:crypto';
import { ServiceError } from '../error.ts';
import { levelOfDistrict, type Office } from '../lifecycle/office.ts';
import type { Level } from '../lifecycle/transition-row.ts';
import { type ApiKeyRow, findKeyByHash, insertKey, touchKey } from '../store/keys.ts';
import type { Store } from '../store/open.ts';
import type { ApiKeyTable } from '../store/schema.ts';
import { type Scope, scopesIn } from './scopes.ts';

export type Role = ApiKeyTable['role'];

/** What the bearer of a request may do, and where. */
export interface Access {
  /** Who acted, as the event log will say. */
  actor: string;
  role: Role;
  /** District code prefix of the rows that exist for the bearer; '' = all. */
  district: string;
  /** In which office the bearer takes steps of the lifecycle; null: none, only looks. */
  office: Office | null;
  /** What alone a key is for; left out or null: all that its role may. */
  scopes?: readonly Scope[] | null;
}

export interface KeyGrant {
  name: string;
  role: Role;
  /** District code prefix; '' = all. */
  district: string;
  /** Of the office it acts in; left out: what fits the district, e.g. county of six digits. */
  level?: Level | undefined;
  /** Null: does not end by itself. */
  expiresAt: Date | null;
  /** What alone it is for; left out: all that its role may. */
  scopes?: readonly Scope[] | undefined;
  /** Who made it, where somebody did through the API. */
  createdBy?: string | undefined;
}

/** Its last use is noted to the minute: looking costs no write. */
const noteMs = 60_000;

/** Ascending: each role may do what the ones before it may. */
export const ROLES: readonly Role[] = ['viewer', 'field', 'handler', 'reviewer', 'admin'];

/**
 * Makes a key and stores its hash. The key (43 characters, base64url of 32 random bytes) is returned
 * this once and cannot be had again.
 *
 * @throws ServiceError bad-input for an empty name or a district that is not digits.
 */
export async function mintKey(store: Store, grant: KeyGrant, now: Date): Promise<{ id: string; key: string }> {
  if (grant.name.trim() === '') throw new ServiceError('bad-input', 'A key needs a name; got an empty one.');
  if (!/^\d{0,12}$/.test(grant.district)) {
    const wanted = 'The district of a key must be the first digits of a district code';
    throw new ServiceError('bad-input', `${wanted}; got '${grant.district}'.`);
  }
  const key = randomBytes(32).toString('base64url');
  const id = randomBytes(8).toString('hex');
  await insertKey(store.db, {
    id,
    hash: hashOf(key),
    name: grant.name,
    role: grant.role,
    district: grant.district,
    level: grant.level ?? null,
    createdAt: now.toISOString(),
    expiresAt: grant.expiresAt?.toISOString() ?? null,
    revokedAt: null,
    scopesJson: grant.scopes === undefined ? null : JSON.stringify(grant.scopes),
    createdBy: grant.createdBy ?? null,
  });
  return { id, key };
}

/**
 * What the bearer of `key` may do.
 *
 * @throws ServiceError unauthenticated when the key is unknown, revoked or past its end; which of
 * the three it was is not told.
 */
export async function verifyKey(store: Store, key: string, now: Date): Promise<Access> {
  const row = await findKeyByHash(store.db, hashOf(key));
  const at = now.toISOString();
  const ended = row?.revokedAt != null || (row?.expiresAt != null && row.expiresAt <= at);
  if (row === null || ended) {
    throw new ServiceError('unauthenticated', 'The key is not known here, has been revoked or has run out.');
  }
  await noteUse(store, row, now);
  const scopes = scopesIn(row.scopesJson);
  const access = { actor: row.name, role: row.role, district: row.district, office: officeOf(row) };
  return scopes === null ? access : { ...access, scopes };
}

/** A store that cannot be written to is read all the same. */
async function noteUse({ db }: Store, { id, lastUsedAt }: ApiKeyRow, now: Date): Promise<void> {
  if (lastUsedAt !== null && now.getTime() - Date.parse(lastUsedAt) < noteMs) return;
  await touchKey(db, id, now.toISOString()).catch(() => {});
}

/** @throws ServiceError forbidden when the bearer's role is below `wanted`. */
export function requireRole(access: Access, wanted: Role): void {
  if (ROLES.indexOf(access.role) < ROLES.indexOf(wanted)) {
    throw new ServiceError('forbidden', `This needs a key with the role ${wanted}; this one has ${access.role}.`);
  }
}

/** Figures of the whole server are for who runs it, and for keys made for that. @throws ServiceError forbidden */
export function requireScrape({ role, district, scopes }: Access): void {
  if ((role === 'admin' || scopes?.includes('metrics')) && district === '') return;
  const got = `${role} of ${district || 'all districts'}`;
  throw new ServiceError('forbidden', `Metrics need a key with the role admin and no district; this one is ${got}.`);
}

/** A key with no level of its own acts on the level of its district. An administrator takes every step up to it. */
export function officeOf({ role, district, level }: Pick<ApiKeyRow, 'role' | 'district' | 'level'>): Office | null {
  if (role === 'viewer') return null;
  return { level: level ?? levelOfDistrict(district), duty: role === 'admin' ? 'reviewer' : role, district };
}

/** @throws ServiceError forbidden where the bearer only looks */
export function requireActing({ office }: Access): Office {
  if (office !== null) return office;
  throw new ServiceError(
    'forbidden',
    'This needs a key with the role field, handler or reviewer; this one has viewer.',
  );
}

/** True where rows of `district` exist for the bearer. */
export function maySee(access: Access, district: string): boolean {
  return district.startsWith(access.district);
}

/** A key or token as it is stored. 32 random bytes need no salt and no slow hash. */
export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
