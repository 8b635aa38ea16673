import type { Kysely } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { Condition } from '../features/cql2/tree.ts';
import { whereCondition, zoneColumns } from './conditions.ts';
import { dialectOf } from './dialect.ts';
import type { CoverageTable, Database } from './schema.ts';
import { whereInBox } from './spatial.ts';
import { ofVersions, type ValidVersion } from './zone-versions.ts';
import type { ZoneRow } from './zones.ts';

/** SQLite takes some ten thousand parameters in a statement, PostgreSQL some sixty thousand. */
const idsPerQuery = 5000;

/** Which rows features are made of: of a district (code prefix, '' = all), in a box, of an id, that a filter means. */
export interface RowsAsked {
  within: string;
  box?: LonLatBox | undefined;
  id?: number;
  condition?: Condition<readonly string[]>;
}

/**
 * At most `limit` zones of versions after the one of id `after`, in the order they were imported. Those of no district
 * are for who may see all.
 */
export async function zoneRows(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  { limit, after, ...asked }: RowsAsked & { limit: number; after: number | null },
): Promise<ZoneRow[]> {
  let query = zonesAsked(db, valid, asked).selectAll();
  if (after !== null) query = query.where('id', '>', after);
  const names = new Map(valid.map(({ version }) => [version.id, version.name]));
  const rows = await query.orderBy('id').limit(limit).execute();
  return rows.map((row) => ({ ...row, layer: names.get(row.layerId)! }));
}

export async function countZones(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  asked: RowsAsked,
): Promise<number> {
  const counted = zonesAsked(db, valid, asked).select(({ fn }) => fn.countAll<number>().as('n'));
  return Number((await counted.executeTakeFirstOrThrow()).n);
}

function zonesAsked(db: Kysely<Database>, valid: readonly ValidVersion[], { within, box, id, condition }: RowsAsked) {
  let query = db.selectFrom('zones').where(ofVersions(valid));
  if (id !== undefined) query = query.where('id', '=', id);
  if (within !== '') query = query.where('district', '>=', within).where('district', '<', `${within}\uffff`);
  if (box !== undefined) query = query.where(whereInBox(dialectOf(db), 'zones', box));
  if (condition !== undefined)
    query = query.where(whereCondition(dialectOf(db), condition, zoneColumns(dialectOf(db))));
  return query;
}

/** Boxes of the patches that cases cover, in order of case and number. */
export async function boxesOfCases(db: Kysely<Database>, caseIds: readonly string[]) {
  const chosen = (ids: readonly string[]) =>
    db
      .selectFrom('case_patches')
      .innerJoin('patches', 'patches.id', 'case_patches.patchId')
      .select(['caseId', 'patches.minLon', 'patches.minLat', 'patches.maxLon', 'patches.maxLat'])
      .where('caseId', 'in', ids)
      .orderBy('caseId')
      .orderBy('patches.number');
  const rows: Awaited<ReturnType<ReturnType<typeof chosen>['execute']>> = [];
  for (let first = 0; first < caseIds.length; first += idsPerQuery) {
    rows.push(...(await chosen(caseIds.slice(first, first + idsPerQuery)).execute()));
  }
  return rows;
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
