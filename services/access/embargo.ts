import { randomBytes } from 'node:crypto';
import { ServiceError } from '../error.ts';
import { levelOfDistrict } from '../lifecycle/office.ts';
import type { Level } from '../lifecycle/transition-row.ts';
import { type EmbargoRow, embargoesAt, embargoRows, insertEmbargo } from '../store/embargoes.ts';
import type { Region } from '../store/hiding.ts';
import type { Store } from '../store/open.ts';
import { type Access, ROLES, type Role, requireRole } from './keys.ts';

/** Patches that do not exist before a moment, but for some. */
export interface Embargo {
  id: string;
  /** YYYY-MM; null = of all months. */
  month: string | null;
  /** District code prefix, '' = everywhere. */
  district: string;
  /** UTC. */
  until: string;
  /** Who sees it before: of one of these levels, in one of these roles. */
  levels: Level[];
  roles: Role[];
  reason: string;
  actor: string;
  at: string;
  /** When, by whom and why it was lifted before its time, or null. */
  lifted: { at: string; actor: string; reason: string } | null;
}

export interface EmbargoGrant {
  month?: string | null | undefined;
  district?: string | undefined;
  until: Date;
  levels?: readonly Level[] | undefined;
  roles?: readonly Role[] | undefined;
  reason: string;
}

export const LEVELS: readonly Level[] = ['town', 'county', 'city', 'province'];
/** Those above, who judge what may be told and when. */
const USUAL_LEVELS: readonly Level[] = ['city', 'province'];
const USUAL_ROLES: readonly Role[] = ['handler', 'reviewer', 'admin'];

/** @throws ServiceError forbidden where the bearer is no administrator of a prefecture or province */
export function requireEmbargoOffice(access: Access): void {
  requireRole(access, 'admin');
  if (USUAL_LEVELS.includes(levelOfDistrict(access.district))) return;
  throw new ServiceError('forbidden', 'An embargo is the matter of an administrator of a prefecture or the province.');
}

/**
 * Hides patches of a month, or of districts, or both, until a moment.
 * @throws ServiceError bad-input where neither month nor district is named, or its end has passed; forbidden for a
 * district beyond the bearer's
 */
export async function setEmbargo(store: Store, access: Access, grant: EmbargoGrant, at: Date): Promise<Embargo> {
  const { month = null, district = access.district, until, levels = USUAL_LEVELS, roles = USUAL_ROLES } = grant;
  if (!district.startsWith(access.district)) {
    throw new ServiceError(
      'forbidden',
      `An embargo needs a district that begins with ${access.district}; got '${district}'.`,
    );
  }
  const problem = problemOf({ ...grant, month, district, until, levels, roles }, at);
  if (problem !== null) throw new ServiceError('bad-input', problem);
  const row = {
    ...{ id: `embargo-${randomBytes(6).toString('hex')}`, lifts: null, month, district, until: until.toISOString() },
    ...{ levels: levels.join(','), roles: roles.join(','), reason: grant.reason.trim() },
    ...{ actor: access.actor, at: at.toISOString() },
  };
  await insertEmbargo(store.db, row);
  return embargoOf({ seq: 0, ...row }, undefined);
}

function problemOf({ month, district, until, levels, roles, reason }: Required<EmbargoGrant>, at: Date): string | null {
  if (month === null && district === '') return 'An embargo names a month, a district, or both; got neither.';
  if (Number.isNaN(until.getTime()) || until <= at)
    return `An embargo ends after now, ${at.toISOString()}; got another end.`;
  if (month != null && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return `The month is YYYY-MM; got '${month}'.`;
  if (!/^\d{0,12}$/.test(district ?? '')) return `The district is the first digits of a code; got '${district}'.`;
  const level = levels?.find((one) => !LEVELS.includes(one));
  if (level !== undefined) return `A level is one of ${LEVELS.join(', ')}; got '${level}'.`;
  const role = roles?.find((one) => !ROLES.includes(one));
  if (role !== undefined) return `A role is one of ${ROLES.join(', ')}; got '${role}'.`;
  return reason.trim() === '' ? 'An embargo needs a reason; got none.' : null;
}

/** Ends an embargo before its time. @throws ServiceError not-found, or illegal-step where it has ended */
export async function liftEmbargo(
  store: Store,
  access: Access,
  { id, reason }: { id: string; reason: string },
  at: Date,
): Promise<Embargo> {
  const found = (await listEmbargoes(store, access)).find((one) => one.id === id);
  if (found === undefined) throw new ServiceError('not-found', `There is no embargo ${id}.`);
  if (reason.trim() === '') throw new ServiceError('bad-input', 'Lifting an embargo needs a reason; got none.');
  if (found.lifted !== null || found.until <= at.toISOString()) {
    throw new ServiceError('illegal-transition', `The embargo ${id} has ended already.`);
  }
  const lifted = { at: at.toISOString(), actor: access.actor, reason: reason.trim() };
  const { month, district, levels, roles } = found;
  await insertEmbargo(store.db, {
    ...{
      id: `${id}-lifted`,
      lifts: id,
      month,
      district,
      until: lifted.at,
      levels: levels.join(','),
      roles: roles.join(','),
    },
    ...lifted,
  });
  return { ...found, lifted };
}

/** All that were ever set in the bearer's districts, oldest first. */
export async function listEmbargoes(store: Store, access: Pick<Access, 'district'>): Promise<Embargo[]> {
  const rows = await embargoRows(store.db);
  const liftings = new Map(rows.flatMap((row) => (row.lifts === null ? [] : [[row.lifts, row] as const])));
  return rows
    .filter(({ lifts, district }) => lifts === null && district.startsWith(access.district))
    .map((row) => embargoOf(row, liftings.get(row.id)));
}

/** What does not exist for somebody at a moment, as far as it lies in the districts that the bearer may see. */
export async function hiddenFrom(store: Store, access: Access, at: Date): Promise<Region[]> {
  const regions = (await embargoesAt(store.db, at)).filter((row) => !seesBefore(row, access));
  return regions
    .filter(({ district }) => district.startsWith(access.district) || access.district.startsWith(district))
    .map(({ month, district }) => ({ month, district }));
}

/** Who administers an area from above sees what is under embargo there: somebody must be able to lift it. */
function seesBefore({ district, levels, roles }: EmbargoRow, access: Access): boolean {
  const own = levelOfDistrict(access.district);
  const administers = access.role === 'admin' && USUAL_LEVELS.includes(own) && district.startsWith(access.district);
  const level = access.role === 'admin' ? own : (access.office?.level ?? own);
  return administers || (levels.split(',').includes(level) && roles.split(',').includes(access.role));
}

function embargoOf(row: EmbargoRow, lifting: EmbargoRow | undefined): Embargo {
  const { id, month, district, until, reason, actor, at } = row;
  return {
    ...{ id, month, district, until, reason, actor, at },
    levels: row.levels.split(',') as Level[],
    roles: row.roles.split(',') as Role[],
    lifted: lifting === undefined ? null : { at: lifting.at, actor: lifting.actor, reason: lifting.reason },
  };
}
