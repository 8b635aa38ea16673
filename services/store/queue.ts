import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import { stateNames } from '../lifecycle/transitions.ts';
import type { PatchFilter } from '../queue/filter.ts';
import { whereCondition } from './conditions.ts';
import { dialectOf } from './dialect.ts';
import type { PatchRow } from './patches.ts';
import type { Database } from './schema.ts';
import { whereInBox } from './spatial.ts';

/** The questions that the monthly queue asks of the store. */

/** A patch as the queue shows it, with the two looks between which it changed. */
export type QueueRow = PatchRow & { beforeDate: string; afterDate: string };

type Patches<O> = SelectQueryBuilder<Database, 'patches', O>;

/** At most `limit` patches of the filter after the given one, latest month first, then in order of number. */
export async function queuePage(
  db: Kysely<Database>,
  filter: PatchFilter,
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

export async function countQueue(db: Kysely<Database>, filter: PatchFilter): Promise<number> {
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

function filtered(db: Kysely<Database>, filter: PatchFilter): Patches<object> {
  let query: Patches<object> = db.selectFrom('patches');
  if (filter.month !== undefined) query = query.where('patches.month', '=', filter.month);
  for (const prefix of [filter.district, filter.within]) {
    if (prefix) query = query.where('patches.district', '>=', prefix).where('patches.district', '<', `${prefix}\uffff`);
  }
  // What others stand for is shown where it is asked for: else the same ground would be listed, drawn and summed twice.
  query =
    filter.states === undefined
      ? query.where('patches.state', 'not in', stateNames('patch', { outcome: 'replaced' }))
      : among(query, 'state', filter.states);
  if (filter.types !== undefined) query = among(query, 'type', filter.types);
  if (filter.minAreaM2 !== undefined) query = query.where('patches.areaM2', '>=', filter.minAreaM2);
  if (filter.bbox !== undefined) query = query.where(whereInBox(dialectOf(db), 'patches', filter.bbox));
  if (filter.layers !== undefined) query = inLayers(query, filter.layers);
  if (filter.onset !== undefined) query = changedWithin(query, filter.onset);
  if (filter.overdue !== undefined) query = overdue(query, filter.overdue);
  if (filter.updatedSince !== undefined) query = query.where('patches.updatedAt', '>=', filter.updatedSince);
  if (filter.condition !== undefined) query = query.where(whereCondition(dialectOf(db), filter.condition));
  return query;
}

function among(query: Patches<object>, column: 'state' | 'type', values: readonly string[]): Patches<object> {
  if (values.length === 0) return query.where(sql<boolean>`1 = 0`);
  return query.where(`patches.${column}`, 'in', values);
}

function inLayers(query: Patches<object>, layers: readonly string[]): Patches<object> {
  if (layers.length === 0) return query.where(sql<boolean>`1 = 0`);
  return query.where(({ exists, selectFrom }) =>
    exists(
      selectFrom('overlaps')
        .select('overlaps.zoneId')
        .whereRef('overlaps.patchId', '=', 'patches.id')
        .where('overlaps.layer', 'in', layers),
    ),
  );
}

function changedWithin(query: Patches<object>, { from, to }: NonNullable<PatchFilter['onset']>): Patches<object> {
  return query.where(({ exists, selectFrom }) => {
    let meets = selectFrom('detections').select('detections.id').whereRef('detections.id', '=', 'patches.detectionId');
    if (from !== null) meets = meets.where('detections.afterDate', '>=', from);
    if (to !== null) meets = meets.where('detections.beforeDate', '<=', to);
    return exists(meets);
  });
}

/** Only open states have a due date, so a date that has passed is enough. */
function overdue(query: Patches<object>, { is, at }: { is: boolean; at: Date }): Patches<object> {
  const now = at.toISOString();
  if (is) return query.where('patches.dueAt', '<', now);
  return query.where((eb) => eb.or([eb('patches.dueAt', 'is', null), eb('patches.dueAt', '>=', now)]));
}
