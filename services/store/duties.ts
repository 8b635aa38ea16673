import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { Database } from './schema.ts';
import type { DutyEntryTable, HandOverTable } from './schema-people.ts';

export type DutyEntry = Omit<Selectable<DutyEntryTable>, 'seq'>;
export type HandOverRow = Selectable<HandOverTable>;

/** An entry that is there already stays as it is. */
export async function insertDutyEntries(db: Kysely<Database>, entries: readonly DutyEntry[]): Promise<void> {
  await insertRows(db, 'duty_entries', entries, { skipKnown: true });
}

/** The whole register, oldest first: some hundred persons a county. */
export async function dutyEntries(db: Kysely<Database>): Promise<DutyEntry[]> {
  const rows = await db.selectFrom('duty_entries').selectAll().orderBy('seq').execute();
  return rows.map(({ seq: _, ...entry }) => entry);
}

export async function insertHandOver(db: Kysely<Database>, row: Insertable<HandOverTable>): Promise<void> {
  await db.insertInto('hand_overs').values(row).execute();
}

export async function findHandOver(db: Kysely<Database>, id: string): Promise<HandOverRow | null> {
  return (await db.selectFrom('hand_overs').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** The hand-over that takes another back, or null. */
export async function undoingOf(db: Kysely<Database>, id: string): Promise<HandOverRow | null> {
  return (await db.selectFrom('hand_overs').selectAll().where('undoes', '=', id).executeTakeFirst()) ?? null;
}

/** All hand-overs and undoings, oldest first. */
export async function listHandOvers(db: Kysely<Database>): Promise<HandOverRow[]> {
  return db.selectFrom('hand_overs').selectAll().orderBy('at').orderBy('id').execute();
}
