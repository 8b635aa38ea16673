import type { Insertable, Kysely, Selectable } from 'kysely';
import { seeingAll } from './hiding.ts';
import type { Database } from './schema.ts';
import type { EmbargoTable } from './schema-embargo.ts';

export type EmbargoRow = Selectable<EmbargoTable>;

export async function insertEmbargo(db: Kysely<Database>, row: Omit<Insertable<EmbargoTable>, 'seq'>): Promise<void> {
  await db.insertInto('embargoes').values(row).execute();
}

/** All that were ever set, and their liftings, in that order. */
export async function embargoRows(db: Kysely<Database>): Promise<EmbargoRow[]> {
  return db.selectFrom('embargoes').selectAll().orderBy('seq').execute();
}

/** Those in force at a moment. */
export async function embargoesAt(db: Kysely<Database>, at: Date): Promise<EmbargoRow[]> {
  return seeingAll(() =>
    db
      .selectFrom('embargoes as e')
      .selectAll()
      .where('e.lifts', 'is', null)
      .where('e.until', '>', at.toISOString())
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('embargoes as lifting').select('lifting.seq').whereRef('lifting.lifts', '=', 'e.id'))),
      )
      .orderBy('e.seq')
      .execute(),
  );
}
