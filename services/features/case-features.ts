import type { LonLatBox } from '../../imagery/grid.ts';
import { listCases } from '../queue/cases.ts';
import { boxesOfCases } from '../store/feature-rows.ts';
import type { Store } from '../store/open.ts';
import type { FeaturePage, FeaturesAsked } from './feature.ts';

/** Cases in order of opening. In a box: those with a patch whose box meets it. */
export async function caseFeatures(store: Store, { within, box, limit, cursor }: FeaturesAsked): Promise<FeaturePage> {
  const { cases, next } = await listCases(store, { district: within, box }, { limit, cursor });
  const ids = cases.map(({ id }) => id);
  const boxes = Map.groupBy(await boxesOfCases(store.db, ids), ({ caseId }) => caseId);
  const features = cases.map(({ id, ...properties }) => {
    const coordinates = (boxes.get(id) ?? []).map(middleOf);
    return { id, geometry: { type: 'MultiPoint' as const, coordinates }, properties };
  });
  return { features, next };
}

function middleOf({ minLon, minLat, maxLon, maxLat }: LonLatBox): [number, number] {
  return [(minLon + maxLon) / 2, (minLat + maxLat) / 2];
}
