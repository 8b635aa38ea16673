import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** What the dashboard's facts of patches are read and kept up to date from; of at most some thousand patches at a time. */

/** How far a store had come when facts were read from it. */
export interface FactMark {
  /** Numbers of the last event and opinion. */
  events: number;
  opinions: number;
  /** Of what changes the facts of any patch without an event of its own: layers, overlaps, the register of actors. */
  ground: string;
}

export async function factMark(db: Kysely<Database>): Promise<FactMark> {
  const { rows } = await sql<{ events: number | null; opinions: number | null; ground: string }>`select
    (select max("seq") from events) as events,
    (select max("seq") from opinions) as opinions,
    coalesce((select "value" from meta where "key" = 'overlaps'), '') || ' ' ||
      (select count(*) || '-' || coalesce(max("seq"), 0) from layers where "state" = 'ready') || ' ' ||
      (select count(*) from actor_entries) as ground`.execute(db);
  const [{ events, opinions, ground }] = rows;
  return { events: events ?? 0, opinions: opinions ?? 0, ground };
}

/** Patches with an event or an opinion since. */
export async function patchesSince(db: Kysely<Database>, { events, opinions }: FactMark): Promise<string[]> {
  const moved = await db.selectFrom('events').select(['subject', 'subjectId']).where('seq', '>', events).execute();
  const judged = await db.selectFrom('opinions').select('patchId').where('seq', '>', opinions).execute();
  const ids = moved.flatMap(({ subject, subjectId }) => (subject === 'patch' ? subjectId : []));
  return [...new Set([...ids, ...judged.map(({ patchId }) => patchId)])];
}

/** All that are counted somewhere or stood for by others, in order of id; what was withdrawn is none. */
export async function allPatchIds(db: Kysely<Database>): Promise<string[]> {
  const rows = await db.selectFrom('patches').select('id').where('state', '!=', 'withdrawn').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

export interface StandingPatch {
  id: string;
  month: string;
  district: string;
  type: string;
  areaM2: number;
  state: string;
  dueAt: string | null;
}

export async function standingPatches(db: Kysely<Database>, ids: readonly string[]): Promise<StandingPatch[]> {
  const query = db.selectFrom('patches').select(['id', 'month', 'district', 'type', 'areaM2', 'state', 'dueAt']);
  return query.where('id', 'in', ids).where('state', '!=', 'withdrawn').execute();
}

/** When each came into the state it is in, UTC. */
export async function enteredAt(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('events')
    .where('subject', '=', 'patch')
    .where('subjectId', 'in', ids)
    .where((eb) => eb.or([eb('fromState', 'is', null), eb('fromState', '!=', eb.ref('toState'))]))
    .groupBy('subjectId')
    .select((eb) => ['subjectId', eb.fn.max('at').as('at')])
    .execute();
  return new Map(rows.map(({ subjectId, at }) => [subjectId, at]));
}

/** Those for which a task was ever sent out, or taken over from what they came out of; what was undone was not. */
export async function everWarned(db: Kysely<Database>, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select distinct e."subjectId" as id from events e
    where e."subject" = 'patch' and e."subjectId" in (${sql.join(ids)})
    and (e."action" = 'warn' or (e."action" = 'succeed' and e."payloadJson" like '%"warned":true%'))
    and not exists (select 1 from events u where u."subject" = 'patch' and u."subjectId" = e."subjectId"
      and u."action" = 'undo' and u."payloadJson" like '%"undoes":"' || e."id" || '"%')`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
