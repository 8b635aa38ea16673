import { type Kysely, sql } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { ResolvedFilter } from '../queue/filter.ts';
import { dialectOf } from './dialect.ts';
import { filtered } from './filtered.ts';
import type { SceneRow } from './scenes.ts';
import type { Database } from './schema.ts';
import { whereInBox } from './spatial.ts';
import { ofVersions, type ValidVersion } from './zone-versions.ts';
import type { ZoneRow } from './zones.ts';

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

/** A patch as a map shows it, with the middle of its box. */
export interface PatchMark {
  id: string;
  number: string;
  state: string;
  type: string;
  areaM2: number;
  dueAt: string | null;
  lon: number;
  lat: number;
}

/** The same with its outline, GeoJSON text. */
export type PatchShape = PatchMark & { geometryJson: string };

const middleLon = sql<number>`(("minLon" + "maxLon") / 2)`;
const middleLat = sql<number>`(("minLat" + "maxLat") / 2)`;

const marked = [
  ...(['p.id', 'p.number', 'p.state', 'p.type', 'p.areaM2', 'p.dueAt'] as const),
  middleLon.as('lon'),
  middleLat.as('lat'),
] as const;

/** SQLite takes some ten thousand parameters in a statement. */
const idsPerQuery = 5000;

/** From so narrow a box on, the index of boxes finds rows faster than looking at all of them does. */
const narrowDegrees = 0.4;

/** Patches of a filter the middle of whose box lies in this one, west and north edge included; at most `limit`. */
export async function patchMarks(
  db: Kysely<Database>,
  filter: ResolvedFilter,
  box: LonLatBox,
  limit: number,
): Promise<PatchMark[]> {
  const isNarrow = box.maxLon - box.minLon <= narrowDegrees;
  return (isNarrow ? nearBy(db, filter, box) : db.selectFrom(filtered(db, filter).selectAll('patches').as('p')))
    .select(marked)
    .where(middleLon, '>=', box.minLon)
    .where(middleLon, '<', box.maxLon)
    .where(middleLat, '>', box.minLat)
    .where(middleLat, '<=', box.maxLat)
    .limit(limit)
    .execute();
}

/** Patches of a filter whose box meets this one, at most `limit`. */
export async function patchShapes(
  db: Kysely<Database>,
  filter: ResolvedFilter,
  box: LonLatBox,
  limit: number,
): Promise<PatchShape[]> {
  const shapes = await nearBy(db, filter, box).select(marked).select('p.detectionId').limit(limit).execute();
  const ids = shapes.map(({ detectionId }) => detectionId);
  const outlines = new Map<string, string>();
  for (let first = 0; first < ids.length; first += idsPerQuery) {
    const some = db.selectFrom('detections').select(['id', 'geometryJson']);
    const rows = await some.where('id', 'in', ids.slice(first, first + idsPerQuery)).execute();
    for (const { id, geometryJson } of rows) outlines.set(id, geometryJson);
  }
  return shapes.map(({ detectionId, ...shape }) => ({ ...shape, geometryJson: outlines.get(detectionId)! }));
}

/**
 * Patches in a small box, found by the index of boxes and only then held against the filter: SQLite, which does not
 * know how many patches are of a state, would go through all of that state.
 */
function nearBy(db: Kysely<Database>, filter: ResolvedFilter, box: LonLatBox) {
  const meant = filtered(db, filter).select('patches.id').where(sql<boolean>`patches."id" = p."id"`);
  return db
    .selectFrom('patches as p')
    .where(whereInBox(dialectOf(db), 'patches', box, 'p'))
    .where(({ exists }) => exists(meant));
}

/** The middles of the boxes of a filter's patches, with what a map from far away tells of them. */
export async function patchPlaces(db: Kysely<Database>, filter: ResolvedFilter, at: Date) {
  return filtered(db, filter)
    .select([middleLon.as('lon'), middleLat.as('lat'), 'patches.areaM2'])
    .select(sql<number>`case when patches."dueAt" < ${at.toISOString()} then 1 else 0 end`.as('overdue'))
    .execute();
}

export type ZonePlace = Pick<ZoneRow, 'id' | 'district' | 'areaM2' | 'minLon' | 'minLat' | 'maxLon' | 'maxLat'>;

/** Where zones of versions lie, without their shapes: at most `limit` after an id, in order of id. */
export async function zonePlaces(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  after: number,
  limit: number,
): Promise<ZonePlace[]> {
  return db
    .selectFrom('zones')
    .select(['id', 'district', 'areaM2', 'minLon', 'minLat', 'maxLon', 'maxLat'])
    .where(ofVersions(valid))
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export type ZoneShape = Pick<ZoneRow, 'externalId' | 'name' | 'areaM2' | 'geometry'>;

/** Zones of versions whose box meets this one, at most `limit`, in the order they were imported. */
export async function zoneShapes(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  { within, box, limit }: { within: string; box: LonLatBox; limit: number },
): Promise<ZoneShape[]> {
  let query = db
    .selectFrom('zones')
    .select(['externalId', 'name', 'areaM2', 'geometry'])
    .where(ofVersions(valid))
    .where(whereInBox(dialectOf(db), 'zones', box));
  // Zones of no district are for who may see all.
  if (within !== '') query = query.where('district', '>=', within).where('district', '<', `${within}\uffff`);
  return query.orderBy('id').limit(limit).execute();
}
