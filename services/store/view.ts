import { hash } from 'node:crypto';
import { CompiledQuery, type Kysely, sql } from 'kysely';
import { localDay } from '../local-time.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import type { Database } from './schema.ts';

/** Does `work` on one state of the store, whatever is written meanwhile; it may only read. */
export function onOneState<T>(db: Kysely<Database>, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  if (db.isTransaction) return work(db);
  // SQLite has but one level, which is this one or better.
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
}

/** All that figures of patches depend on. */
export interface Marks {
  head: number | null;
  overlaps: string | null;
  layers: string | null;
  duties: string | null;
  embargoes: number;
  due: string | null;
}

const OVERLAPS = 'overlaps';

/** Compiled once: every list begins with it. */
const MARKS: Record<Dialect, string> = { sqlite: marksSql('?'), postgres: marksSql('$1') };

function marksSql(at: string): string {
  return `select (select max("seq") from events) as "head",
    (select "value" from meta where "key" = '${OVERLAPS}') as "overlaps",
    (select count(*) || '-' || max("seq") from layers where "state" = 'ready') as "layers",
    (select count(*) || '-' || max("seq") from duty_entries) as "duties",
    (select count(*) from embargoes) as "embargoes",
    (select max("dueAt") from patches where "dueAt" < ${at}) as "due"`;
}

/** What a view has seen; `due`: the last due date that has passed by `at`. */
export async function marksOf(db: Kysely<Database>, at: Date): Promise<Marks> {
  const { rows } = await db.executeQuery<Marks>(CompiledQuery.raw(MARKS[dialectOf(db)], [at.toISOString()]));
  return { ...rows[0], head: Number(rows[0].head ?? 0) };
}

/**
 * Names the state of the store that a view sees, as far as patches, their filters and figures go: two answers to one
 * filter and asker that name the same snapshot say the same. It begins with the number of the last event. A due date
 * that has passed makes another one, since more is overdue then; so does another day, since duties begin and end.
 */
export function snapshotName({ head, ...marks }: Marks, at: Date): string {
  const { overlaps, layers, duties, embargoes, due } = marks;
  const rest = hash('sha256', [overlaps, layers, duties, embargoes, due, localDay(at)].join(' '), 'base64url');
  return `${head}.${rest.slice(0, 8)}`;
}

/** The name of the state that `db`, a view, sees. */
export async function snapshotOf(db: Kysely<Database>, at: Date): Promise<string> {
  return snapshotName(await marksOf(db, at), at);
}

/** Says, in the transaction that does it, that patches lie on other zones than before, which no event tells. */
export async function noteNewOverlaps(db: Kysely<Database>): Promise<void> {
  await sql`insert into meta ("key", "value") values (${OVERLAPS}, '1')
    on conflict ("key") do update set "value" = cast(cast(meta."value" as integer) + 1 as text)`.execute(db);
}
