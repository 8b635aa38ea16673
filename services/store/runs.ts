import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database, RunTable } from './schema.ts';

export type RunRow = Selectable<RunTable>;

/** Records a run that begins, or takes up again the one with the same inputs (the same id). */
export async function beginRun(db: Kysely<Database>, run: Omit<Insertable<RunTable>, 'state'>): Promise<RunRow> {
  await db
    .insertInto('runs')
    .values({ ...run, state: 'running' })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ state: 'running', error: null, finishedAt: null }))
    .execute();
  return db.selectFrom('runs').selectAll().where('id', '=', run.id).executeTakeFirstOrThrow();
}

/** Puts what became known of how a run compares into its record. */
export async function recordPlan(db: Kysely<Database>, id: string, planJson: string): Promise<void> {
  await db.updateTable('runs').set({ planJson }).where('id', '=', id).execute();
}

export async function finishRun(db: Kysely<Database>, id: string, summaryJson: string, at: Date): Promise<void> {
  const values = { state: 'done', summaryJson, error: null, finishedAt: at.toISOString() } as const;
  await db.updateTable('runs').set(values).where('id', '=', id).execute();
}

export async function failRun(db: Kysely<Database>, id: string, error: string, at: Date): Promise<void> {
  const values = { state: 'failed', error, finishedAt: at.toISOString() } as const;
  await db.updateTable('runs').set(values).where('id', '=', id).execute();
}

export async function findRun(db: Kysely<Database>, id: string): Promise<RunRow | null> {
  return (await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** Months with a finished run. */
export async function finishedMonths(db: Kysely<Database>): Promise<string[]> {
  const rows = await db.selectFrom('runs').select('month').distinct().where('state', '=', 'done').execute();
  return rows.map(({ month }) => month).sort();
}

/** All runs, latest month and start first. */
export async function listRuns(db: Kysely<Database>): Promise<RunRow[]> {
  return db
    .selectFrom('runs')
    .selectAll()
    .orderBy('month', 'desc')
    .orderBy('startedAt', 'desc')
    .orderBy('id')
    .execute();
}

/**
 * What detections of a received batch refer to. It compared nothing, so it is never 'done': figures that ask for
 * finished runs do not count it.
 */
export async function insertBatchRun(
  db: Kysely<Database>,
  run: Pick<Insertable<RunTable>, 'id' | 'month' | 'planJson' | 'startedAt'>,
): Promise<void> {
  const rest = { district: null, state: 'planned', summaryJson: null, error: null, finishedAt: null } as const;
  const insert = db.insertInto('runs').values({ ...run, ...rest });
  await insert.onConflict((conflict) => conflict.doNothing()).execute();
}
