import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { localDay } from '../local-time.ts';
import type { Database } from './schema.ts';

/** Does `work` on one state of the store, whatever is written meanwhile; it may only read. */
export function onOneState<T>(db: Kysely<Database>, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  if (db.isTransaction) return work(db);
  // SQLite has but one level, which is this one or better.
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
}

/** All that figures of patches depend on beside events. */
interface Marks {
  head: number | null;
  overlaps: string | null;
  layers: string | null;
  duties: string | null;
  embargoes: number;
  due: string | null;
}

/**
 * Names the state of the store that a view sees, as far as patches, their filters and figures go: two answers to one
 * filter and asker that name the same snapshot say the same. It begins with the number of the last event. A due date
 * that has passed by `at` makes another one, since more is overdue then; so does another day, since duties begin and end.
 */
export async function snapshotOf(db: Kysely<Database>, at: Date): Promise<string> {
  const { rows } = await sql<Marks>`select (select max("seq") from events) as head,
    (select "value" from meta where "key" = ${OVERLAPS}) as overlaps,
    (select count(*) || '-' || max("seq") from layers where "state" = 'ready') as layers,
    (select count(*) || '-' || max("seq") from duty_entries) as duties,
    (select count(*) from embargoes) as embargoes,
    (select max("dueAt") from patches where "dueAt" < ${at.toISOString()}) as due`.execute(db);
  const { head, ...marks } = rows[0];
  const rest = createHash('sha256').update(`${Object.values(marks).join(' ')} ${localDay(at)}`);
  return `${Number(head ?? 0)}.${rest.digest('base64url').slice(0, 8)}`;
}

const OVERLAPS = 'overlaps';

/** Says, in the transaction that does it, that patches lie on other zones than before, which no event tells. */
export async function noteNewOverlaps(db: Kysely<Database>): Promise<void> {
  await sql`insert into meta ("key", "value") values (${OVERLAPS}, '1')
    on conflict ("key") do update set "value" = cast(cast(meta."value" as integer) + 1 as text)`.execute(db);
}
