import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database, EventTable } from './schema.ts';

export type EventRow = Selectable<EventTable>;

/**
 * Appends one event and returns its place in the log. Hand it the transaction that moves the projection.
 * On PostgreSQL it holds back other appends until that transaction ends, so that the log is committed in
 * the order of seq: keep the transaction short, and append last.
 */
export async function appendEvent(db: Kysely<Database>, event: Insertable<EventTable>): Promise<number> {
  const row = await db.insertInto('events').values(event).returning('seq').executeTakeFirstOrThrow();
  return row.seq;
}

/** The history of one patch or case, oldest first. */
export async function eventsOf(
  db: Kysely<Database>,
  subject: EventTable['subject'],
  subjectId: string,
): Promise<EventRow[]> {
  const query = db.selectFrom('events').selectAll().where('subject', '=', subject).where('subjectId', '=', subjectId);
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
  let query = db.selectFrom('events').selectAll().where('seq', '>', seq);
  if (district !== '') query = query.where('district', '>=', district).where('district', '<', `${district}\uffff`);
  return query.orderBy('seq').limit(limit).execute();
}
