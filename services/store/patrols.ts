import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { Database } from './schema.ts';
import type { PatrolTable } from './schema-people.ts';

export type PatrolRow = Selectable<PatrolTable>;

/** All or none; those known already stay as they are. */
export async function insertPatrols(db: Kysely<Database>, rows: readonly Insertable<PatrolTable>[]): Promise<void> {
  await db.transaction().execute((trx) => insertRows(trx, 'patrols', rows, { skipKnown: true }));
}

/** Of these ids, those that are there. */
export async function knownPatrols(db: Kysely<Database>, ids: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let first = 0; first < ids.length; first += 1000) {
    const some = ids.slice(first, first + 1000);
    const rows = await db.selectFrom('patrols').select('id').where('id', 'in', some).execute();
    for (const { id } of rows) known.add(id);
  }
  return known;
}

/** Patrols that began up to a moment (all, unless named), oldest first. */
export async function listPatrols(db: Kysely<Database>, until?: string): Promise<PatrolRow[]> {
  let query = db.selectFrom('patrols').selectAll();
  if (until !== undefined) query = query.where('fromAt', '<=', until);
  return query.orderBy('fromAt').orderBy('id').execute();
}
