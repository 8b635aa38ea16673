import type { Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { ActorEntryTable } from './schema-people.ts';

export type ActorEntry = Omit<Selectable<ActorEntryTable>, 'seq'>;

/** An entry that is there already stays as it is. */
export async function insertActorEntry(db: Kysely<Database>, entry: ActorEntry): Promise<void> {
  await db
    .insertInto('actor_entries')
    .values(entry)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Every statement of the register, oldest first. */
export async function actorEntries(db: Kysely<Database>): Promise<ActorEntry[]> {
  const rows = await db.selectFrom('actor_entries').selectAll().orderBy('seq').execute();
  return rows.map(({ seq: _, ...entry }) => entry);
}
