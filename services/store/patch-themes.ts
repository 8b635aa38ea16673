import type { Insertable, Kysely, Selectable } from 'kysely';
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
