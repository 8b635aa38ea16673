import type { Kysely } from 'kysely';
import type { ResolvedFilter } from '../queue/filter.ts';
import { filtered } from './filtered.ts';
import type { PatchRow } from './patches.ts';
import type { Database } from './schema.ts';

/** The questions that the monthly queue asks of the store. */

/** A patch as the queue shows it, with the two looks between which it changed. */
export type QueueRow = PatchRow & { beforeDate: string; afterDate: string };

/** At most `limit` patches of the filter after the given one, latest month first, then in order of number. */
export async function queuePage(
  db: Kysely<Database>,
  filter: ResolvedFilter,
  limit: number,
  after: { month: string; number: string } | null,
): Promise<QueueRow[]> {
  let query = filtered(db, filter);
  if (after !== null) {
    query = query.where((eb) =>
      eb.or([
        eb('patches.month', '<', after.month),
        eb.and([eb('patches.month', '=', after.month), eb('patches.number', '>', after.number)]),
      ]),
    );
  }
  return query
    .innerJoin('detections', 'detections.id', 'patches.detectionId')
    .selectAll('patches')
    .select(['detections.beforeDate', 'detections.afterDate'])
    .orderBy('patches.month', 'desc')
    .orderBy('patches.number')
    .limit(limit)
    .execute();
}

export async function countQueue(db: Kysely<Database>, filter: ResolvedFilter): Promise<number> {
  const { count } = await filtered(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** The layers each of the patches lies in, in order of name. */
export async function layersOfPatches(
  db: Kysely<Database>,
  patchIds: readonly string[],
): Promise<Map<string, string[]>> {
  const layers = new Map<string, string[]>(patchIds.map((id) => [id, []]));
  if (patchIds.length === 0) return layers;
  const query = db.selectFrom('overlaps').select(['patchId', 'layer']).where('patchId', 'in', patchIds);
  for (const { patchId, layer } of await query.distinct().orderBy('layer').execute()) layers.get(patchId)?.push(layer);
  return layers;
}

/** The patch of this id, or else of this number (JCBH); or null. */
export async function findPatchNamed(db: Kysely<Database>, idOrNumber: string): Promise<PatchRow | null> {
  const query = db.selectFrom('patches').selectAll();
  const named = query.where((eb) => eb.or([eb('id', '=', idOrNumber), eb('number', '=', idOrNumber)]));
  const rows = await named.execute();
  return rows.find(({ id }) => id === idOrNumber) ?? rows[0] ?? null;
}

export interface ZoneOverlapRow {
  zoneId: number;
  layer: string;
  externalId: string;
  name: string;
  propertiesJson: string;
  areaM2: number;
}

/** What lies under a patch, by layer, largest first. */
export async function overlapsWithZones(db: Kysely<Database>, patchId: string): Promise<ZoneOverlapRow[]> {
  return db
    .selectFrom('overlaps')
    .innerJoin('zones', 'zones.id', 'overlaps.zoneId')
    .select(['overlaps.zoneId', 'overlaps.layer', 'zones.externalId', 'zones.name', 'zones.propertiesJson'])
    .select('overlaps.areaM2')
    .where('overlaps.patchId', '=', patchId)
    .orderBy('overlaps.layer')
    .orderBy('overlaps.areaM2', 'desc')
    .orderBy('overlaps.zoneId')
    .execute();
}

export type SamePlaceRow = Pick<PatchRow, 'id' | 'number' | 'month' | 'state'>;

/** The other patches of a place: the same spot in other months, oldest first. */
export async function samePlace(db: Kysely<Database>, { id, placeId }: PatchRow): Promise<SamePlaceRow[]> {
  const query = db.selectFrom('patches').select(['id', 'number', 'month', 'state']).where('placeId', '=', placeId);
  return query.where('id', '!=', id).orderBy('month').execute();
}
