import type { Kysely } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { dialectOf } from './dialect.ts';
import type { Database } from './schema.ts';
import { whereInBox } from './spatial.ts';

/** SQLite takes some ten thousand parameters in a statement, PostgreSQL some sixty thousand. */
const idsPerQuery = 5000;

/** The outline of each patch (GeoJSON text, lon/lat), by patch id. Ids that are not there are left out. */
export async function outlinesOfPatches(
  db: Kysely<Database>,
  patchIds: readonly string[],
): Promise<Map<string, string>> {
  const outlines = new Map<string, string>();
  for (let start = 0; start < patchIds.length; start += idsPerQuery) {
    const rows = await db
      .selectFrom('patches')
      .innerJoin('detections', 'detections.id', 'patches.detectionId')
      .select(['patches.id', 'detections.geometryJson'])
      .where('patches.id', 'in', patchIds.slice(start, start + idsPerQuery))
      .execute();
    for (const { id, geometryJson } of rows) outlines.set(id, geometryJson);
  }
  return outlines;
}

export interface PatchExtent {
  box: LonLatBox;
  /** Local days: the first last-look-unchanged and the last first-look-changed. */
  firstDate: string;
  lastDate: string;
}

/** Where and when all patches lie together; null where there are none. `within`: district code prefix, '' = all. */
export async function extentOfPatches(db: Kysely<Database>, within: string): Promise<PatchExtent | null> {
  const row = await db
    .selectFrom('patches')
    .innerJoin('detections', 'detections.id', 'patches.detectionId')
    .select(({ fn }) => [
      fn.min('patches.minLon').as('minLon'),
      fn.min('patches.minLat').as('minLat'),
      fn.max('patches.maxLon').as('maxLon'),
      fn.max('patches.maxLat').as('maxLat'),
      fn.min('detections.beforeDate').as('firstDate'),
      fn.max('detections.afterDate').as('lastDate'),
    ])
    .where('patches.district', '>=', within)
    .where('patches.district', '<', `${within}\uffff`)
    .executeTakeFirst();
  if (row === undefined || row.minLon === null) return null;
  const { firstDate, lastDate, ...box } = row;
  return { box, firstDate, lastDate };
}

/** At most `limit` outlines of patches whose box meets this one. `within`: district code prefix, '' = all. */
export async function outlinesInBox(
  db: Kysely<Database>,
  box: LonLatBox,
  within: string,
  limit: number,
): Promise<{ id: string; geometryJson: string }[]> {
  let query = db
    .selectFrom('patches')
    .innerJoin('detections', 'detections.id', 'patches.detectionId')
    .select(['patches.id', 'detections.geometryJson'])
    .where(whereInBox(dialectOf(db), 'patches', box));
  if (within !== '')
    query = query.where('patches.district', '>=', within).where('patches.district', '<', `${within}\uffff`);
  return query.limit(limit).execute();
}
