import type { Kysely } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { dialectOf } from './dialect.ts';
import type { CoverageTable, Database } from './schema.ts';
import { whereInBox } from './spatial.ts';
import { ofVersions, type ValidVersion } from './zone-versions.ts';
import type { ZoneRow } from './zones.ts';

/** What a page of features is taken from: rows after a place, of a district (code prefix, '' = all), in a box. */
export interface RowsAsked<After> {
  within: string;
  box?: LonLatBox | undefined;
  limit: number;
  after: After | null;
}

/** Zones of versions in the order they were imported. Those of no district are for who may see all. */
export async function zoneRows(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  { within, box, limit, after }: RowsAsked<number>,
): Promise<ZoneRow[]> {
  let query = db.selectFrom('zones').selectAll().where(ofVersions(valid));
  if (after !== null) query = query.where('id', '>', after);
  if (within !== '') query = query.where('district', '>=', within).where('district', '<', `${within}\uffff`);
  if (box !== undefined) query = query.where(whereInBox(dialectOf(db), 'zones', box));
  const names = new Map(valid.map(({ version }) => [version.id, version.name]));
  const rows = await query.orderBy('id').limit(limit).execute();
  return rows.map((row) => ({ ...row, layer: names.get(row.layerId)! }));
}

/** Boxes of the patches that cases cover, in order of case and number. */
export async function boxesOfCases(db: Kysely<Database>, caseIds: readonly string[]) {
  if (caseIds.length === 0) return [];
  return db
    .selectFrom('case_patches')
    .innerJoin('patches', 'patches.id', 'case_patches.patchId')
    .select(['caseId', 'patches.minLon', 'patches.minLat', 'patches.maxLon', 'patches.maxLat'])
    .where('caseId', 'in', caseIds)
    .orderBy('caseId')
    .orderBy('patches.number')
    .execute();
}

export type SeenDistrict = Omit<CoverageTable, 'runId'> & { runId: string; month: string };

/** What was seen of each district in each month, by the finished run that began last, in order of month and district. */
export async function coverageRows(db: Kysely<Database>, within: string): Promise<SeenDistrict[]> {
  let query = db
    .selectFrom('coverage')
    .innerJoin('runs', 'runs.id', 'coverage.runId')
    .selectAll('coverage')
    .select('runs.month')
    .where('runs.state', '=', 'done');
  if (within !== '') {
    query = query.where('coverage.district', '>=', within).where('coverage.district', '<', `${within}\uffff`);
  }
  const rows = await query.orderBy('runs.startedAt').orderBy('runs.id').execute();
  const latest = new Map(rows.map((row) => [`${row.month}-${row.district}`, row]));
  return [...latest.keys()].sort().map((key) => latest.get(key)!);
}
