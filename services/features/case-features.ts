import type { LonLatBox } from '../../imagery/grid.ts';
import { localDay } from '../local-time.ts';
import { casePage } from '../store/cases.ts';
import { boxesOfCases } from '../store/feature-rows.ts';
import type { Store } from '../store/open.ts';
import type { Queryable } from './cql2/tree.ts';
import type { Feature, FeaturePage, FeaturesAsked } from './feature.ts';
import { matches } from './matches.ts';
import { pageInMemory } from './page-in-memory.ts';
import { asksForPlace } from './places.ts';

export const CASE_QUERYABLES: readonly Queryable[] = [
  { name: 'title', type: 'string', title: '案件名称 Title' },
  { name: 'district', type: 'string', title: '行政区代码 District code' },
  { name: 'state', type: 'string', title: '状态 State' },
  { name: 'version', type: 'number', title: '版本 Version' },
  { name: 'patches', type: 'number', title: '图斑数 Patches' },
  { name: 'createdAt', type: 'time', title: '立案时间 Opened' },
  { name: 'updatedAt', type: 'time', title: '更新时间 Latest step' },
];

/**
 * Cases in order of opening: people open thousands, not millions. In a box: those with a patch whose box meets it. On
 * some days: those between whose opening and latest step they lie.
 */
export async function caseFeatures(store: Store, asked: FeaturesAsked): Promise<FeaturePage> {
  const { within, id, box, days, condition } = asked;
  const rows = await casePage(store.db, { district: within, box }, Number.MAX_SAFE_INTEGER, null);
  let features: Feature[] = rows
    .filter((row) => id === undefined || row.id === id)
    .filter(({ createdAt, updatedAt }) => {
      const [first, last] = [createdAt, updatedAt].map((time) => localDay(new Date(time)));
      return (days?.to == null || first <= days.to) && (days?.from == null || last >= days.from);
    })
    .map(({ id, ...properties }) => ({ id, geometry: null, properties }));
  if (condition !== undefined) {
    if (asksForPlace(condition)) features = await placed(store, features);
    features = features.filter((feature) => matches(condition, feature));
  }
  const page = pageInMemory(features, ({ id, properties }) => `${properties['createdAt']} ${id}`, asked);
  return { ...page, features: await placed(store, page.features) };
}

async function placed(store: Store, features: readonly Feature[]): Promise<Feature[]> {
  const ids = features.map(({ id }) => id);
  const boxes = Map.groupBy(await boxesOfCases(store.db, ids), ({ caseId }) => caseId);
  return features.map((feature) => {
    const coordinates = (boxes.get(feature.id) ?? []).map(middleOf);
    return { ...feature, geometry: { type: 'MultiPoint', coordinates } };
  });
}

function middleOf({ minLon, minLat, maxLon, maxLat }: LonLatBox): [number, number] {
  return [(minLon + maxLon) / 2, (minLat + maxLat) / 2];
}
