import { localDay } from '../local-time.ts';
import { zoneRows } from '../store/feature-rows.ts';
import type { Store } from '../store/open.ts';
import { validVersions } from '../store/zone-versions.ts';
import { fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import type { FeaturePage, FeaturesAsked } from './feature.ts';
import { numberOfCursor } from './place-cursor.ts';

/** The zones of a layer that hold today, in the order they were imported. */
export async function zoneFeatures(
  store: Store,
  layer: string,
  { within, box, limit, cursor, at }: FeaturesAsked,
): Promise<FeaturePage> {
  const valid = await validVersions(store.db, localDay(at), [layer]);
  const after = cursor === undefined ? null : numberOfCursor(cursor);
  const rows = await zoneRows(store.db, valid, { within, box, limit: limit + 1, after });
  const features = rows.slice(0, limit).map(({ id, geometry, externalId, name, district, landClass, areaM2 }) => ({
    id: String(id),
    geometry: toGeoJson(fromWkb(geometry)),
    properties: { layer, externalId, name, district, landClass, areaM2 },
  }));
  return { features, next: rows.length > limit ? features[limit - 1].id : null };
}
