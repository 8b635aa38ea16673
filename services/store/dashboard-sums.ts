import { type Kysely, sql } from 'kysely';
import { stateNames } from '../lifecycle/transitions.ts';
import type { Database } from './schema.ts';

/** The sums that the dashboard is drawn from: the database adds up, no patch is read. */

/** What of the patches is looked at. What others stand for is none of them. */
export interface PatchScope {
  /** First and last month found; null = no such end. */
  from: string | null;
  to: string | null;
  /** District code prefix, '' = all. */
  district: string;
}

export interface StateSum {
  month: string;
  district: string;
  state: string;
  patches: number;
  areaM2: number;
  overdue: number;
}

/** By month found, district and state. @param now what is overdue at that time */
export async function sumByState(db: Kysely<Database>, scope: PatchScope, now: Date): Promise<StateSum[]> {
  const open = stateNames('patch', { outcome: 'open' });
  return within(db, scope)
    .select((eb) => {
      const late = eb.and([eb('state', 'in', open), eb('dueAt', '<', now.toISOString())]);
      return [
        ...(['month', 'district', 'state'] as const),
        eb.fn.countAll<number>().as('patches'),
        eb.fn.sum<number>('areaM2').as('areaM2'),
        eb.fn.sum<number>(eb.case().when(late).then(1).else(0).end()).as('overdue'),
      ];
    })
    .groupBy(['month', 'district', 'state'])
    .execute();
}

/** Open ones alone, by month found: also those of long ago. */
export async function sumOpen(db: Kysely<Database>, scope: PatchScope, now: Date) {
  return within(db, scope)
    .where('state', 'in', stateNames('patch', { outcome: 'open' }))
    .select((eb) => [
      'month',
      eb.fn.countAll<number>().as('patches'),
      eb.fn.sum<number>('areaM2').as('areaM2'),
      eb.fn.sum<number>(eb.case().when('dueAt', '<', now.toISOString()).then(1).else(0).end()).as('overdue'),
    ])
    .groupBy('month')
    .orderBy('month')
    .execute();
}

/** States into which a patch comes without ever having been sent out. */
export const BEFORE_WARNING: readonly string[] = ['found', 'dismissed'];

/**
 * Patches for which a task was ever sent out, by month and district. Past the first states that is every one; of those in
 * them (found anew, dismissed) the log is asked.
 */
export async function countWarned(db: Kysely<Database>, scope: PatchScope) {
  const everWarned = sql<boolean>`exists (select 1 from events e where e."subject" = 'patch' and e."subjectId" = patches.id
    and (e."action" = 'warn' or (e."action" = 'succeed' and e."payloadJson" like '%"warned":true%'))
    and not exists (select 1 from events u where u."subject" = 'patch' and u."subjectId" = patches.id
      and u."action" = 'undo' and u."payloadJson" like '%"undoes":"' || e."id" || '"%'))`;
  return within(db, scope)
    .where((eb) => eb.or([eb('state', 'not in', BEFORE_WARNING), everWarned]))
    .select((eb) => ['month', 'district', eb.fn.countAll<number>().as('patches')])
    .groupBy(['month', 'district'])
    .execute();
}

export interface Waiting {
  state: string;
  /** UTC, to the hour: YYYY-MM-DDTHH. */
  since: string;
  patches: number;
}

/** Open patches by their state and since when they are in it. */
export async function waitingSince(db: Kysely<Database>, scope: PatchScope): Promise<Waiting[]> {
  const came = sql<string>`(select substr(e."at", 1, 13) from events e where e."subject" = 'patch'
    and e."subjectId" = patches.id and e."toState" = patches.state
    and (e."fromState" is null or e."fromState" <> e."toState") order by e."seq" desc limit 1)`;
  return within(db, scope)
    .where('state', 'in', stateNames('patch', { outcome: 'open' }))
    .select((eb) => ['state', came.as('since'), eb.fn.countAll<number>().as('patches')])
    .groupBy(['state', sql`2`])
    .execute();
}

export interface CoverageSum {
  month: string;
  district: string;
  totalM2: number;
  observedM2: number;
  cloudM2: number;
  noImageM2: number;
}

/** What could be seen, by the finished run of each month that began last of those that looked at a district. */
export async function coverageBetween(
  db: Kysely<Database>,
  from: string,
  to: string,
  district: string,
): Promise<CoverageSum[]> {
  let query = db
    .selectFrom('coverage')
    .innerJoin('runs', 'runs.id', 'coverage.runId')
    .select(['runs.month', 'coverage.district', 'totalM2', 'observedM2', 'cloudM2', 'noImageM2'])
    .where('runs.state', '=', 'done')
    .where('runs.month', '>=', from)
    .where('runs.month', '<=', to)
    .orderBy('runs.startedAt')
    .orderBy('runs.id');
  if (district !== '') query = query.where('coverage.district', 'like', `${district}%`);
  const latest = new Map((await query.execute()).map((row) => [`${row.month} ${row.district}`, row]));
  return [...latest.values()].sort((a, b) => (`${a.month} ${a.district}` < `${b.month} ${b.district}` ? -1 : 1));
}

/** Months with a finished run, and those closed. */
export async function monthsKnown(
  db: Kysely<Database>,
): Promise<{ run: Set<string>; opened: Set<string>; closed: Set<string> }> {
  const run = await db.selectFrom('runs').select('month').where('state', '=', 'done').distinct().execute();
  const opened = await db.selectFrom('month_steps').select('month').distinct().execute();
  const closed = await db.selectFrom('closed_months').select('month').execute();
  const names = (rows: { month: string }[]) => new Set(rows.map(({ month }) => month));
  return { run: names(run), opened: names(opened), closed: names(closed) };
}

function within(db: Kysely<Database>, { from, to, district }: PatchScope) {
  let query = db.selectFrom('patches').where('state', 'not in', stateNames('patch', { outcome: 'replaced' }));
  if (from !== null && from === to) query = query.where('month', '=', from);
  else {
    if (from !== null) query = query.where('month', '>=', from);
    if (to !== null) query = query.where('month', '<=', to);
  }
  if (district !== '') query = query.where('district', '>=', district).where('district', '<', `${district}\uffff`);
  return query;
}
