import type { Geometry } from 'geojson';
import { ServiceError } from '../error.ts';
import { localDay } from '../local-time.ts';
import { countZones, type RowsAsked, zoneRows } from '../store/feature-rows.ts';
import type { Store } from '../store/open.ts';
import { type ValidVersion, validVersions } from '../store/zone-versions.ts';
import { fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import type { Queryable } from './cql2/tree.ts';
import type { FeaturePage, FeaturesAsked } from './feature.ts';
import { meet } from './meet.ts';
import { boxAround, withPlaces } from './places.ts';

export const ZONE_QUERYABLES: readonly Queryable[] = [
  { name: 'externalId', type: 'string', title: '标识码 Id in the layer' },
  { name: 'name', type: 'string', title: '名称 Name' },
  { name: 'district', type: 'string', title: '行政区代码 District code' },
  { name: 'landClass', type: 'string', title: '地类 Land class' },
  { name: 'areaM2', type: 'number', title: '面积 Area, m²' },
];

/** So many zones may have boxes that meet a geometry that is asked for: each is then looked at exactly. */
const mostCandidates = 50_000;

/** The zones of a layer that hold today, or on the last of the days asked for, in the order they were imported. */
export async function zoneFeatures(store: Store, layer: string, asked: FeaturesAsked): Promise<FeaturePage> {
  const { within, id, box, days, condition, limit, cursor, at } = asked;
  const valid = await validVersions(store.db, days?.to ?? localDay(at), [layer]);
  const rowsAsked: RowsAsked = {
    ...{ within, box },
    ...(id !== undefined && { id: /^\d{1,9}$/.test(id) ? Number(id) : -1 }),
    ...(condition && { condition: await withPlaces(condition, (place) => idsMeeting(store, valid, place, within)) }),
  };
  const begun = cursor === undefined ? null : placeOf(cursor);
  const rows = await zoneRows(store.db, valid, { ...rowsAsked, limit: limit + 1, after: begun?.after ?? null });
  // Counted once for all pages: of two million parcels it takes longer than a page.
  const total = begun?.total ?? (await countZones(store.db, valid, rowsAsked));
  const features = rows.slice(0, limit).map(({ id, geometry, externalId, name, district, landClass, areaM2 }) => ({
    id: String(id),
    geometry: toGeoJson(fromWkb(geometry)),
    properties: { layer, externalId, name, district, landClass, areaM2 },
  }));
  return { features, next: rows.length > limit ? `${features[limit - 1].id}-${total}` : null, total };
}

/** @throws ServiceError bad-input */
function placeOf(cursor: string): { after: number; total: number } {
  const [, after, total] = /^(\d{1,9})-(\d{1,15})$/.exec(cursor) ?? [];
  if (after !== undefined) return { after: Number(after), total: Number(total) };
  throw new ServiceError('bad-input', `A cursor is the 'next' of an earlier page; got '${cursor}'.`);
}

async function idsMeeting(
  { db }: Store,
  valid: readonly ValidVersion[],
  place: Geometry,
  within: string,
): Promise<string[]> {
  const rows = await zoneRows(db, valid, { within, box: boxAround(place), limit: mostCandidates + 1, after: null });
  if (rows.length > mostCandidates) {
    const text = `A geometry of S_INTERSECTS may lie over at most ${mostCandidates} zones; ask for a smaller one, or with bbox.`;
    throw new ServiceError('bad-input', text);
  }
  return rows.filter(({ geometry }) => meet(toGeoJson(fromWkb(geometry)), place)).map(({ id }) => String(id));
}
