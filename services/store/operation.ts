import { type Kysely, sql } from 'kysely';
import { stateNames } from '../lifecycle/transitions.ts';
import { dialectOf } from './dialect.ts';
import type { Database, RunTable } from './schema.ts';

/** What whoever runs the server watches, counted in a few short queries. */
export interface OperationFigures {
  /** Patches of the months that are not closed; overdue: those in an open state whose due date has passed. */
  patches: { state: string; patches: number; overdue: number }[];
  runs: { state: RunTable['state']; runs: number }[];
  /** The run that began last, of those that compare images. */
  lastRun: { state: RunTable['state']; startedAt: string; finishedAt: string | null } | null;
  /** Messages on their way, and those given up. */
  messages: { waiting: number; dead: number; oldestWaitingAt: string | null };
  databaseBytes: number;
}

/** @param at the workspace's own time, by which what is overdue is told */
export async function operationFigures(db: Kysely<Database>, at: Date): Promise<OperationFigures> {
  return {
    patches: await openMonths(db, at),
    runs: await db
      .selectFrom('runs')
      .groupBy('state')
      .select((eb) => ['state', eb.fn.countAll<number>().as('runs')])
      .orderBy('state')
      .execute(),
    lastRun: (await lastRun(db)) ?? null,
    messages: await messages(db),
    databaseBytes: await databaseBytes(db),
  };
}

/** Month by month out of one index, and the few rows that are late: a scrape must not hold up requests. */
async function openMonths(db: Kysely<Database>, at: Date): Promise<OperationFigures['patches']> {
  const closed = db.selectFrom('closed_months').select('month');
  const months = await db.selectFrom('runs').select('month').distinct().where('month', 'not in', closed).execute();
  const open = stateNames('patch', { outcome: 'open' });
  const states = new Map<string, Counts>();
  for (const { month } of months) {
    const ofMonth = db
      .selectFrom('patches')
      .where('month', '=', month)
      .groupBy('state')
      .select((eb) => ['state', eb.fn.countAll<number>().as('count')]);
    for (const { state, count } of await ofMonth.execute()) add(states, state, { patches: Number(count), overdue: 0 });
  }
  const late = db
    .selectFrom('patches')
    .where('state', 'in', open)
    .where('dueAt', '<', at.toISOString())
    .where('month', 'not in', closed)
    .groupBy('state')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')]);
  for (const { state, count } of await late.execute()) add(states, state, { patches: 0, overdue: Number(count) });
  return [...states].sort(([a], [b]) => (a < b ? -1 : 1)).map(([state, counts]) => ({ state, ...counts }));
}

type Counts = { patches: number; overdue: number };

function add(states: Map<string, Counts>, state: string, more: Counts): void {
  const { patches, overdue } = states.get(state) ?? { patches: 0, overdue: 0 };
  states.set(state, { patches: patches + more.patches, overdue: overdue + more.overdue });
}

function lastRun(db: Kysely<Database>) {
  const query = db.selectFrom('runs').select(['state', 'startedAt', 'finishedAt']).where('state', '<>', 'planned');
  return query.orderBy('startedAt', 'desc').orderBy('id').limit(1).executeTakeFirst();
}

/** By receiver, since that is how they are indexed. */
async function messages(db: Kysely<Database>): Promise<OperationFigures['messages']> {
  const told = { waiting: 0, dead: 0, oldestWaitingAt: null as string | null };
  for (const { id } of await db.selectFrom('notify_endpoints').select('id').execute()) {
    for (const state of ['waiting', 'dead'] as const) {
      const { count, oldest } = await db
        .selectFrom('notify_deliveries')
        .where('endpointId', '=', id)
        .where('state', '=', state)
        .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('addedAt').as('oldest')])
        .executeTakeFirstOrThrow();
      told[state] += Number(count);
      if (state !== 'waiting' || oldest === null) continue;
      if (told.oldestWaitingAt === null || oldest < told.oldestWaitingAt) told.oldestWaitingAt = oldest;
    }
  }
  return told;
}

async function databaseBytes(db: Kysely<Database>): Promise<number> {
  const size =
    dialectOf(db) === 'sqlite'
      ? sql<{ bytes: number }>`select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`
      : sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`;
  return Number((await size.execute(db)).rows[0].bytes);
}
