import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { CalendarYearTable, DeadlineRulesTable } from './schema-deadlines.ts';

export type CalendarYearRow = Selectable<CalendarYearTable>;
export type DeadlineRulesRow = Selectable<DeadlineRulesTable>;

/** Enters the calendar of a year; the ones entered before stay on record. */
export async function addCalendarYear(db: Kysely<Database>, row: Insertable<CalendarYearTable>): Promise<void> {
  await db.insertInto('calendar_years').values(row).execute();
}

/** The calendars that hold, one a year, ascending. */
export async function calendarYears(db: Kysely<Database>): Promise<CalendarYearRow[]> {
  const latest = db
    .selectFrom('calendar_years')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .groupBy('year');
  return db.selectFrom('calendar_years').selectAll().where('seq', 'in', latest).orderBy('year').execute();
}

/** Enters deadline rules; the ones entered before stay on record. */
export async function addDeadlineRules(db: Kysely<Database>, row: Insertable<DeadlineRulesTable>): Promise<void> {
  await db.insertInto('deadline_rules').values(row).execute();
}

/** The rules that hold, or null where none were entered. */
export async function latestDeadlineRules(db: Kysely<Database>): Promise<DeadlineRulesRow | null> {
  const query = db.selectFrom('deadline_rules').selectAll().orderBy('seq', 'desc').limit(1);
  return (await query.executeTakeFirst()) ?? null;
}
