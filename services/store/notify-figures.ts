import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** What digests are made of. `district`: code prefix, '' = all. */

export interface StateCount {
  district: string;
  state: string;
  count: number;
}

/** In order of district and state. */
export async function countStates(db: Kysely<Database>, district: string): Promise<StateCount[]> {
  return db
    .selectFrom('patches')
    .where('district', '>=', district)
    .where('district', '<', `${district}\uffff`)
    .groupBy(['district', 'state'])
    .select((eb) => ['district', 'state', eb.fn.countAll<number>().as('count')])
    .orderBy('district')
    .orderBy('state')
    .execute();
}

export interface NewPatch {
  number: string;
  district: string;
  type: string;
  areaM2: number;
}

/** Patches that came into the queue from `from` up to, not with, `to` (UTC); in order of number. */
export async function newPatches(
  db: Kysely<Database>,
  district: string,
  from: string,
  to: string,
): Promise<NewPatch[]> {
  return db
    .selectFrom('patches')
    .select(['number', 'district', 'type', 'areaM2'])
    .where('district', '>=', district)
    .where('district', '<', `${district}\uffff`)
    .where('createdAt', '>=', from)
    .where('createdAt', '<', to)
    .orderBy('number')
    .execute();
}

/** Numbers of patches by id, of those asked for. */
export async function patchNumbers(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('patches').select(['id', 'number']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, number }) => [id, number]));
}

/** The seq of the last event, 0 where there is none. */
export async function headOfLog(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst();
  return Number(row?.seq ?? 0);
}
