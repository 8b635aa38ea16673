import { CompiledQuery, type Insertable, type Kysely, type Selectable } from 'kysely';
import { type Dialect, dialectOf } from './dialect.ts';
import { inRegions, ofHiddenCase, type Region } from './hiding.ts';
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

/** Asked before every answer, so it is compiled once. */
const IN_FORCE: Record<Dialect, string> = { sqlite: inForce('?'), postgres: inForce('$1') };

function inForce(at: string): string {
  return `select * from embargoes as e where e."lifts" is null and e."until" > ${at}
    and not exists (select 1 from embargoes as lifting where lifting."lifts" = e."id") order by e."seq"`;
}

/** Those in force at a moment. */
export async function embargoesAt(db: Kysely<Database>, at: Date): Promise<EmbargoRow[]> {
  return (await db.executeQuery<EmbargoRow>(CompiledQuery.raw(IN_FORCE[dialectOf(db)], [at.toISOString()]))).rows;
}

/** Of these ids of patches and cases, those that lie in a region. */
export async function subjectsWithin(
  db: Kysely<Database>,
  ids: readonly string[],
  region: Region,
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const patches = db
    .selectFrom('patches')
    .select('id')
    .where('id', 'in', ids)
    .where(inRegions('patches', [region]));
  const cases = db
    .selectFrom('cases')
    .select('id')
    .where('id', 'in', ids)
    .where(ofHiddenCase('cases.id', [region]));
  return new Set((await patches.union(cases).execute()).map(({ id }) => id));
}
