import type { Kysely } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { SceneRow } from './scenes.ts';
import type { Database } from './schema.ts';

/** The finished run of the month that began last; null where there is none. Without its plan, which may be long. */
export async function latestDoneRun(db: Kysely<Database>, month: string): Promise<string | null> {
  const query = db.selectFrom('runs').select('id').where('month', '=', month).where('state', '=', 'done');
  return (await query.orderBy('startedAt', 'desc').orderBy('id').limit(1).executeTakeFirst())?.id ?? null;
}

/** Scenes whose box meets this one, those removed since among them; `within`: district code prefix, '' = all. */
export async function scenesInBox(
  db: Kysely<Database>,
  { minLon, minLat, maxLon, maxLat }: LonLatBox,
  within: string,
): Promise<SceneRow[]> {
  const rows = await db
    .selectFrom('scenes')
    .selectAll()
    .where('minLon', '<=', maxLon)
    .where('maxLon', '>=', minLon)
    .where('minLat', '<=', maxLat)
    .where('maxLat', '>=', minLat)
    .execute();
  return rows.filter(({ district }) => district === null || district.startsWith(within));
}

/** Scenes of these ids, in that order; those that are not there are left out. */
export async function scenesNamed(db: Kysely<Database>, ids: readonly string[]): Promise<SceneRow[]> {
  const rows = ids.length === 0 ? [] : await db.selectFrom('scenes').selectAll().where('id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
