import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { Database } from './schema.ts';
import type { LineageActTable, PatchLineageTable } from './schema-lineage.ts';

export type LineageAct = Selectable<LineageActTable>;
export type LineageLink = Selectable<PatchLineageTable>;

/** Values in one statement that both databases take. */
const IDS = 5000;

/** The patches must have been inserted before. */
export async function insertLineage(
  db: Kysely<Database>,
  act: Insertable<LineageActTable>,
  links: readonly Insertable<PatchLineageTable>[],
): Promise<void> {
  await db.insertInto('lineage_acts').values(act).execute();
  await insertRows(db, 'patch_lineage', links);
}

/** The links that have any of the patches on either side, taken back or not, oldest act first. */
export async function lineageAround(db: Kysely<Database>, patchIds: readonly string[]): Promise<LineageLink[]> {
  const found: LineageLink[] = [];
  for (let first = 0; first < patchIds.length; first += IDS) {
    const some = patchIds.slice(first, first + IDS);
    const query = db
      .selectFrom('patch_lineage')
      .innerJoin('lineage_acts', 'lineage_acts.id', 'patch_lineage.actId')
      .selectAll('patch_lineage')
      .where((eb) => eb.or([eb('parentId', 'in', some), eb('childId', 'in', some)]));
    found.push(...(await query.orderBy('lineage_acts.seq').orderBy('childId').orderBy('parentId').execute()));
  }
  return found;
}

/** Acts by id, oldest first, and with them those that took one of them back. */
export async function lineageActs(db: Kysely<Database>, ids: readonly string[]): Promise<LineageAct[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('lineage_acts')
    .selectAll()
    .where((eb) => eb.or([eb('id', 'in', ids), eb('undoes', 'in', ids)]))
    .orderBy('seq')
    .execute();
}

export async function linksOfAct(db: Kysely<Database>, actId: string): Promise<LineageLink[]> {
  const query = db.selectFrom('patch_lineage').selectAll().where('actId', '=', actId);
  return query.orderBy('childId').orderBy('parentId').execute();
}

/** Whether an entry of the correction ledger was made at this time (UTC) or after it. */
export async function wasCorrectedSince(db: Kysely<Database>, at: string): Promise<boolean> {
  const query = db.selectFrom('month_corrections').select('seq').where('at', '>=', at);
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}
