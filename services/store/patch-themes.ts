import type { Insertable, Kysely, Selectable } from 'kysely';
import { stateNames } from '../lifecycle/transitions.ts';
import { insertRows } from './insert.ts';
import type { Database } from './schema.ts';
import type { PatchThemeTable } from './schema-themes.ts';

export type PatchThemeRow = Selectable<PatchThemeTable>;

/** Ids in one statement: fewer than either database takes. */
const mostIds = 10_000;

/**
 * Says which themes these patches belong to; what was said of them before is replaced, also where they belong to none
 * now. Hand it the transaction that the themes were told in.
 */
export async function replacePatchThemes(
  db: Kysely<Database>,
  patchIds: readonly string[],
  rows: readonly Insertable<PatchThemeTable>[],
): Promise<void> {
  for (let first = 0; first < patchIds.length; first += mostIds) {
    const some = patchIds.slice(first, first + mostIds);
    await db.deleteFrom('patch_themes').where('patchId', 'in', some).execute();
  }
  await insertRows(db, 'patch_themes', rows);
}

/** The themes of one patch, in order of name. */
export async function themesOfPatch(db: Kysely<Database>, patchId: string): Promise<PatchThemeRow[]> {
  return db.selectFrom('patch_themes').selectAll().where('patchId', '=', patchId).orderBy('theme').execute();
}

export interface ThemeCount {
  theme: string;
  severity: string;
  patches: number;
  areaM2: number;
}

/**
 * Patches of each theme and grade in the districts whose code begins with `within` ('' = all), of one month or, null,
 * of all; in order of theme, then grade. A patch of several themes counts in each.
 */
export async function countThemes(db: Kysely<Database>, month: string | null, within: string): Promise<ThemeCount[]> {
  let query = db
    .selectFrom('patch_themes')
    .innerJoin('patches', 'patches.id', 'patch_themes.patchId')
    .where('patches.state', 'not in', stateNames('patch', { outcome: 'replaced' }));
  if (month !== null) query = query.where('patches.month', '=', month);
  if (within !== '')
    query = query.where('patches.district', '>=', within).where('patches.district', '<', `${within}\uffff`);
  return query
    .select(['patch_themes.theme', 'patch_themes.severity'])
    .select((eb) => [eb.fn.countAll<number>().as('patches'), eb.fn.sum<number>('patches.areaM2').as('areaM2')])
    .groupBy(['patch_themes.theme', 'patch_themes.severity'])
    .orderBy('patch_themes.theme')
    .orderBy('patch_themes.severity')
    .execute();
}
