import { localDay } from '../local-time.ts';
import { lastDayOf } from '../month/calendar-month.ts';
import { coverageRows } from '../store/feature-rows.ts';
import type { Store } from '../store/open.ts';
import { listZones } from '../store/zones.ts';
import { fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import type { Queryable } from './cql2/tree.ts';
import type { Feature, FeaturePage, FeaturesAsked } from './feature.ts';
import { matches } from './matches.ts';
import { pageInMemory } from './page-in-memory.ts';

export const COVERAGE_QUERYABLES: readonly Queryable[] = [
  { name: 'month', type: 'string', title: '监测月份 Month, YYYY-MM' },
  { name: 'district', type: 'string', title: '行政区代码 District code' },
  { name: 'name', type: 'string', title: '行政区名称 District' },
  { name: 'totalM2', type: 'number', title: '总面积 Total, m²' },
  { name: 'observedM2', type: 'number', title: '可观测面积 Observed, m²' },
  { name: 'cloudM2', type: 'number', title: '云遮面积 Cloudy, m²' },
  { name: 'noImageM2', type: 'number', title: '无影像面积 Without image, m²' },
  { name: 'runId', type: 'string', title: '运行 Run' },
];

/** What was seen of each district in each month, on the outline that the district has today. */
export async function coverageFeatures(store: Store, asked: FeaturesAsked): Promise<FeaturePage> {
  const { within, id, box, days, condition, at } = asked;
  const zones = await listZones(store.db, { date: localDay(at), layers: ['districts'], ...(box && { box }) });
  const outlines = new Map(zones.map((zone) => [zone.externalId, zone]));
  const features = (await coverageRows(store.db, within))
    .filter(({ month, district }) => {
      if (id !== undefined && id !== `${month}-${district}`) return false;
      if (box !== undefined && !outlines.has(district)) return false;
      return (days?.to == null || `${month}-01` <= days.to) && (days?.from == null || lastDayOf(month) >= days.from);
    })
    .map(({ runId, month, district, totalM2, observedM2, cloudM2, noImageM2 }): Feature => {
      const zone = outlines.get(district);
      return {
        id: `${month}-${district}`,
        geometry: zone === undefined ? null : toGeoJson(fromWkb(zone.geometry)),
        properties: { month, district, name: zone?.name ?? null, totalM2, observedM2, cloudM2, noImageM2, runId },
      };
    })
    .filter((feature) => condition === undefined || matches(condition, feature));
  return pageInMemory(features, (feature) => feature.id, asked);
}
