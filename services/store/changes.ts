import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import type { EventRow } from './events.ts';
import { inRegions, ofHiddenCase, type Region } from './hiding.ts';
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

/** At most `limit` events after `seq` that no region hides, in the order they were committed. `district`: code prefix, '' = all. */
export async function changesSince(
  db: Kysely<Database>,
  seq: number,
  limit: number,
  district: string,
  hidden: readonly Region[],
): Promise<ChangeRow[]> {
  return read(changes(db, district, hidden).where('e.seq', '>', seq), limit);
}

/** The same of those in any of some parts of the log: of a region, after one place and up to another. */
export async function changesSkipped(
  db: Kysely<Database>,
  parts: readonly (Region & { from: number; to: number })[],
  hidden: readonly Region[],
  limit: number,
  district: string,
): Promise<ChangeRow[]> {
  const inParts = parts.map((part) => sql`(e."seq" > ${part.from} and e."seq" <= ${part.to} and ${tellsOf([part])})`);
  const from = Math.min(...parts.map((part) => part.from));
  const to = Math.max(...parts.map((part) => part.to));
  const query = changes(db, district, hidden).where('e.seq', '>', from).where('e.seq', '<=', to);
  return read(query.where(sql<SqlBool>`(${sql.join(inParts, sql` or `)})`), limit);
}

function changes(db: Kysely<Database>, district: string, hidden: readonly Region[]) {
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
    );
  if (district !== '') query = query.where('e.district', '>=', district).where('e.district', '<', `${district}\uffff`);
  return hidden.length === 0 ? query : query.where((eb) => eb.not(tellsOf(hidden)));
}

/** Whether an event is of a patch in the regions, or of a case that covers one. */
function tellsOf(regions: readonly Region[]): Expression<SqlBool> {
  return sql<SqlBool>`((e."subject" = 'patch' and p."id" is not null and ${inRegions('p', regions)})
    or (e."subject" = 'case' and ${ofHiddenCase('e.subjectId', regions)}))`;
}

async function read(query: ReturnType<typeof changes>, limit: number): Promise<ChangeRow[]> {
  const rows = await query.orderBy('e.seq').limit(limit).execute();
  // In place: a page may have ten thousand.
  for (const row of rows) row.version = Number(row.version);
  return rows as ChangeRow[];
}
