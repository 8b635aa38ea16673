import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { CoverageTable, Database } from './schema.ts';

export type CoverageRow = Selectable<CoverageTable>;

/** Says what a run could see, for all its districts at once; what was said before of this run is replaced. */
export async function replaceCoverage(
  db: Kysely<Database>,
  runId: string,
  rows: readonly Insertable<CoverageTable>[],
): Promise<void> {
  await db.deleteFrom('coverage').where('runId', '=', runId).execute();
  await insertRows(db, 'coverage', rows);
}

export async function coverageOfRun(db: Kysely<Database>, runId: string): Promise<CoverageRow[]> {
  return db.selectFrom('coverage').selectAll().where('runId', '=', runId).orderBy('district').execute();
}
