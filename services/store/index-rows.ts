import { type Kysely, sql } from 'kysely';
import type { PatchRow } from './patches.ts';
import type { Database } from './schema.ts';

/** What the index of patches in memory (services/queue/index) is filled from. */

/** A patch with all that lists show and filter by, but the name of its district. */
export type IndexRow = Omit<PatchRow, 'placeId' | 'detectionId' | 'createdAt'> & {
  beforeDate: string;
  afterDate: string;
  /** In order of name. */
  layers: string[];
  themes: string[];
};

/** Ids in one statement: fewer than either database takes. */
const mostIds = 5000;

/** All patches, or those of these ids; in no order. */
export async function indexRows(db: Kysely<Database>, ids: readonly string[] | null): Promise<IndexRow[]> {
  if (ids === null) return rowsOf(db, null);
  const rows: IndexRow[] = [];
  for (let first = 0; first < ids.length; first += mostIds) {
    rows.push(...(await rowsOf(db, ids.slice(first, first + mostIds))));
  }
  return rows;
}

async function rowsOf(db: Kysely<Database>, ids: readonly string[] | null): Promise<IndexRow[]> {
  let query = db
    .selectFrom('patches as p')
    .innerJoin('detections as d', 'd.id', 'p.detectionId')
    .select(['p.id', 'p.number', 'p.month', 'p.district', 'p.type', 'p.areaM2', 'p.score', 'p.state', 'p.dueAt'])
    .select([
      'p.version',
      'p.minLon',
      'p.minLat',
      'p.maxLon',
      'p.maxLat',
      'p.updatedAt',
      'd.beforeDate',
      'd.afterDate',
    ]);
  if (ids !== null) query = query.where('p.id', 'in', ids);
  const layers = await namesOf(db, 'overlaps', 'layer', ids);
  const themes = await namesOf(db, 'patch_themes', 'theme', ids);
  const rows = await query.execute();
  return rows.map((row) => ({ ...row, layers: layers.get(row.id) ?? [], themes: themes.get(row.id) ?? [] }));
}

async function namesOf(
  db: Kysely<Database>,
  table: 'overlaps' | 'patch_themes',
  column: 'layer' | 'theme',
  ids: readonly string[] | null,
): Promise<Map<string, string[]>> {
  let query = db.selectFrom(table).select(['patchId', sql.ref<string>(column).as('name')]);
  if (ids !== null) query = query.where('patchId', 'in', ids);
  const names = new Map<string, string[]>();
  // In the order of an index over just these columns: the zones of a layer under a patch come one after the other.
  const order = sql.ref(column);
  for (const { patchId, name } of await query.orderBy(order).orderBy('patchId').execute()) {
    const known = names.get(patchId);
    if (known === undefined) names.set(patchId, [name]);
    else if (known.at(-1) !== name) known.push(name);
  }
  return names;
}

/** The patches that something happened to after `seq`; null: more than `most`. */
export async function patchesChangedSince(db: Kysely<Database>, seq: number, most: number): Promise<string[] | null> {
  const query = db.selectFrom('events').select('subjectId').distinct().where('seq', '>', seq);
  const rows = await query
    .where('subject', '=', 'patch')
    .limit(most + 1)
    .execute();
  return rows.length > most ? null : rows.map(({ subjectId }) => subjectId);
}
