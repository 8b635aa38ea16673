import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { Database } from './schema.ts';
import type { ReadTable } from './schema-audit.ts';

export type ReadRow = Selectable<ReadTable>;

export async function insertReads(db: Kysely<Database>, reads: readonly Insertable<ReadTable>[]): Promise<void> {
  await insertRows(db, 'reads', reads);
}

export interface ReadFilter {
  actor?: string | undefined;
  /** Ids and numbers of one patch: any of them. */
  patch?: readonly string[] | undefined;
  /** First and last moment, UTC. */
  from?: string | undefined;
  to?: string | undefined;
}

/** The latest `limit` reads, latest first. */
export async function listReads(db: Kysely<Database>, filter: ReadFilter, limit: number): Promise<ReadRow[]> {
  let query = db.selectFrom('reads').selectAll();
  if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor);
  if (filter.patch !== undefined) query = query.where('patch', 'in', filter.patch);
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('at', '<=', filter.to);
  return query.orderBy('at', 'desc').orderBy('seq', 'desc').limit(limit).execute();
}
