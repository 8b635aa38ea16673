import type { Kysely } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { SceneRow } from './scenes.ts';
import type { Database } from './schema.ts';

/**
 * Scenes whose box meets a box, in order of date and id. Withdrawn ones are left out, but for those of `kept`: what a
 * finding rests on stays to be seen.
 */
export function scenesOver(db: Kysely<Database>, box: LonLatBox, kept: readonly string[]): Promise<SceneRow[]> {
  return db
    .selectFrom('scenes')
    .selectAll()
    .where('minLon', '<', box.maxLon)
    .where('maxLon', '>', box.minLon)
    .where('minLat', '<', box.maxLat)
    .where('maxLat', '>', box.minLat)
    .where(({ eb, or }) => or([eb('removedAt', 'is', null), ...(kept.length > 0 ? [eb('id', 'in', kept)] : [])]))
    .orderBy('date')
    .orderBy('id')
    .execute();
}

/** Months (YYYY-MM) of which the workspace holds any image, in order. */
export async function imagedMonths(db: Kysely<Database>): Promise<string[]> {
  const rows = await db.selectFrom('scenes').select('date').distinct().where('removedAt', 'is', null).execute();
  return [...new Set(rows.map(({ date }) => date.slice(0, 7)))].sort();
}
