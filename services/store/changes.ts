import { type Kysely, type SqlBool, sql } from 'kysely';
import type { EventRow } from './events.ts';
import type { Database } from './schema.ts';

/** An event as the change feed tells it. */
export type ChangeRow = EventRow & {
  /** Of the patch (JCBH); of a case null. */
  number: string | null;
  /** Of the subject, after this event. */
  version: number;
};

/** The place of the latest event; 0 where there is none. Every event up to it is committed and stays. */
export async function headOfEvents(db: Kysely<Database>): Promise<number> {
  const query = db.selectFrom('events').select((eb) => eb.fn.max<number | null>('seq').as('head'));
  return Number((await query.executeTakeFirstOrThrow()).head ?? 0);
}

/** At most `limit` events after `seq`, in the order they were committed. `district`: code prefix, '' = all. */
export async function changesSince(
  db: Kysely<Database>,
  seq: number,
  limit: number,
  district: string,
): Promise<ChangeRow[]> {
  let query = db
    .selectFrom('events as e')
    .leftJoin('patches as p', (join) => join.on(sql<SqlBool>`e.subject = 'patch'`).onRef('p.id', '=', 'e.subjectId'))
    .select(['e.seq', 'e.id', 'e.subject', 'e.subjectId', 'e.district', 'e.action', 'e.fromState', 'e.toState'])
    .select(['e.actor', 'e.reason', 'e.payloadJson', 'e.at', 'p.number'])
    // A version counts the events of its subject.
    .select((eb) =>
      eb
        .selectFrom('events as earlier')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('earlier.subject', '=', 'e.subject')
        .whereRef('earlier.subjectId', '=', 'e.subjectId')
        .whereRef('earlier.seq', '<=', 'e.seq')
        .as('version'),
    )
    .where('e.seq', '>', seq);
  if (district !== '') query = query.where('e.district', '>=', district).where('e.district', '<', `${district}\uffff`);
  const rows = await query.orderBy('e.seq').limit(limit).execute();
  return rows.map(({ number, version, ...row }) => ({ ...row, number: number ?? null, version: Number(version) }));
}
