import { localDay } from '../local-time.ts';
import { coverageRows } from '../store/feature-rows.ts';
import type { Store } from '../store/open.ts';
import { listZones } from '../store/zones.ts';
import { fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import type { FeaturePage, FeaturesAsked } from './feature.ts';
import { numberOfCursor } from './place-cursor.ts';

/** What was seen of each district in each month, on the outline that the district has today. */
export async function coverageFeatures(
  store: Store,
  { within, box, limit, cursor, at }: FeaturesAsked,
): Promise<FeaturePage> {
  const first = cursor === undefined ? 0 : numberOfCursor(cursor);
  const zones = await listZones(store.db, { date: localDay(at), layers: ['districts'], ...(box && { box }) });
  const outlines = new Map(zones.map((zone) => [zone.externalId, zone]));
  const all = await coverageRows(store.db, within);
  const rows = box === undefined ? all : all.filter(({ district }) => outlines.has(district));
  const features = rows.slice(first, first + limit).map(({ runId, month, district, ...areas }) => {
    const zone = outlines.get(district);
    const { totalM2, observedM2, cloudM2, noImageM2 } = areas;
    return {
      id: `${month}-${district}`,
      geometry: zone === undefined ? null : toGeoJson(fromWkb(zone.geometry)),
      properties: { month, district, name: zone?.name ?? null, totalM2, observedM2, cloudM2, noImageM2, runId },
    };
  });
  return { features, next: first + limit < rows.length ? String(first + limit) : null };
}
