import { type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import { eventHash, GENESIS, storable } from '../audit/event-chain.ts';
import { dialectOf } from './dialect.ts';
import { markCarriedOut } from './idempotency.ts';
import type { Database, EventTable } from './schema.ts';

export type EventRow = Selectable<EventTable>;

/** All columns but those of the chain, which audit alone reads. */
const COLUMNS = [
  'seq',
  'id',
  'subject',
  'subjectId',
  'district',
  'action',
  'fromState',
  'toState',
  'actor',
  'reason',
  'payloadJson',
  'at',
] as const;

/**
 * Appends one event, chained by hash to the one before it, and returns its place in the log. Hand it the
 * transaction that moves the projection. On PostgreSQL it holds back other appends until that transaction ends, so
 * that the log is committed in the order of seq: keep the transaction short, and append last.
 */
export async function appendEvent(db: Kysely<Database>, event: Omit<Insertable<EventTable>, 'seq'>): Promise<number> {
  if (!db.isTransaction) return db.transaction().execute((trx) => appendEvent(trx, event));
  const dialect = dialectOf(db);
  const { seq, prevHash } = await (dialect === 'sqlite' ? nextOnSqlite(db) : nextOnPostgres(db));
  const row = storable({ ...event, seq, fromState: event.fromState ?? null, reason: event.reason ?? null });
  const values = { ...row, prevHash, hash: eventHash(prevHash, row) };
  const names = [...COLUMNS, 'prevHash', 'hash'] as const;
  const overriding = dialect === 'sqlite' ? sql`` : sql`overriding system value`;
  await sql`insert into events (${sql.join(names.map((name) => sql.ref(name)))}) ${overriding}
    values (${sql.join(names.map((name) => values[name]))})`.execute(db);
  await markCarriedOut(db);
  return seq;
}

interface Next {
  seq: number;
  prevHash: string;
}

/** The transaction has the only writer's place since it began (BEGIN IMMEDIATE), so nobody can come between. */
async function nextOnSqlite(db: Kysely<Database>): Promise<Next> {
  const { rows } = await sql<Next>`select
    coalesce((select seq from sqlite_sequence where name = 'events'), 0) + 1 as seq,
    coalesce((select hash from events order by seq desc limit 1), ${GENESIS}) as "prevHash"`.execute(db);
  return rows[0];
}

/**
 * The lock is the one that the table's own trigger takes. The head is read in a statement after it, which sees what
 * was committed while it waited; in a transaction whose view is older, events_by_prevHash refuses the event.
 */
async function nextOnPostgres(db: Kysely<Database>): Promise<Next> {
  await sql`select pg_advisory_xact_lock(hashtext(current_schema() || '.events'))`.execute(db);
  const { rows } = await sql<Next>`select nextval(pg_get_serial_sequence('events', 'seq')) as seq,
    coalesce((select hash from events order by seq desc limit 1), ${GENESIS}) as "prevHash"`.execute(db);
  return rows[0];
}

/** The history of one patch or case, oldest first. */
export async function eventsOf(
  db: Kysely<Database>,
  subject: EventTable['subject'],
  subjectId: string,
): Promise<EventRow[]> {
  const query = db
    .selectFrom('events')
    .select(COLUMNS)
    .where('subject', '=', subject)
    .where('subjectId', '=', subjectId);
  return query.orderBy('seq').execute();
}

/**
 * The change feed: at most `limit` events after `seq` (0 = from the beginning). Nothing is ever inserted
 * before an event that was once read. `district`: code prefix, '' = all.
 */
export async function eventsSince(
  db: Kysely<Database>,
  seq: number,
  limit: number,
  district = '',
): Promise<EventRow[]> {
  let query = db.selectFrom('events').select(COLUMNS).where('seq', '>', seq);
  if (district !== '') query = query.where('district', '>=', district).where('district', '<', `${district}\uffff`);
  return query.orderBy('seq').limit(limit).execute();
}
