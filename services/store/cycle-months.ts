import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { Database } from './schema.ts';
import type { ClosedMonthTable, MonthCorrectionTable, MonthStepTable, MonthTaskTable } from './schema-cycle.ts';

export type MonthStepRow = Selectable<MonthStepTable>;
export type MonthTaskRow = Selectable<MonthTaskTable>;
export type ClosedMonthRow = Selectable<ClosedMonthTable>;
export type MonthCorrectionRow = Selectable<MonthCorrectionTable>;

export async function addMonthStep(db: Kysely<Database>, step: Insertable<MonthStepTable>): Promise<void> {
  await insertRows(db, 'month_steps', [step]);
}

/** What was begun and ended of a month, oldest first. */
export async function monthSteps(db: Kysely<Database>, month: string): Promise<MonthStepRow[]> {
  return db.selectFrom('month_steps').selectAll().where('month', '=', month).orderBy('seq').execute();
}

export async function addMonthTask(db: Kysely<Database>, task: Insertable<MonthTaskTable>): Promise<void> {
  await insertRows(db, 'month_tasks', [task]);
}

/** The tasks of a month, in order of office and number; of one round where it is given. */
export async function monthTasks(db: Kysely<Database>, month: string, round?: number): Promise<MonthTaskRow[]> {
  let query = db.selectFrom('month_tasks').selectAll().where('month', '=', month);
  if (round !== undefined) query = query.where('round', '=', round);
  return query.orderBy('office').orderBy('seq').execute();
}

/** The highest sequence number that an office's tasks of a month have reached, 0 where it has none. */
export async function highestTask(db: Kysely<Database>, month: string, office: string): Promise<number> {
  const row = await db
    .selectFrom('month_tasks')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('month', '=', month)
    .where('office', '=', office)
    .executeTakeFirst();
  return row?.seq ?? 0;
}

/** A second record of the same month is refused. */
export async function addClosedMonth(db: Kysely<Database>, row: Insertable<ClosedMonthTable>): Promise<void> {
  await insertRows(db, 'closed_months', [row]);
}

export async function closedMonth(db: Kysely<Database>, month: string): Promise<ClosedMonthRow | null> {
  return (await db.selectFrom('closed_months').selectAll().where('month', '=', month).executeTakeFirst()) ?? null;
}

/** The closed months, oldest first. */
export async function closedMonthNames(db: Kysely<Database>): Promise<string[]> {
  const rows = await db.selectFrom('closed_months').select('month').orderBy('month').execute();
  return rows.map(({ month }) => month);
}

/** The latest month before `month` that was opened or in which patches were found, or null. */
export async function latestMonthBefore(db: Kysely<Database>, month: string): Promise<string | null> {
  const latest = (table: 'month_steps' | 'patches') =>
    db
      .selectFrom(table)
      .select(({ fn }) => fn.max('month').as('month'))
      .where('month', '<', month)
      .executeTakeFirst();
  const months = [(await latest('month_steps'))?.month, (await latest('patches'))?.month].filter((name) => !!name);
  return (months.sort().at(-1) as string | undefined) ?? null;
}

export async function addCorrection(db: Kysely<Database>, row: Insertable<MonthCorrectionTable>): Promise<void> {
  await insertRows(db, 'month_corrections', [row]);
}

/** The correction entries of a month, oldest first. */
export async function correctionsOf(db: Kysely<Database>, month: string): Promise<MonthCorrectionRow[]> {
  return db.selectFrom('month_corrections').selectAll().where('month', '=', month).orderBy('entry').execute();
}
