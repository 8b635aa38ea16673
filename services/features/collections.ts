import { ServiceError } from '../error.ts';
import { localDay } from '../local-time.ts';
import { listLayers } from '../store/layers.ts';
import type { Store } from '../store/open.ts';
import { CASE_QUERYABLES, caseFeatures } from './case-features.ts';
import { COVERAGE_QUERYABLES, coverageFeatures } from './coverage-features.ts';
import type { FeatureCollection, FeaturesAsked } from './feature.ts';
import { ZONE_QUERYABLES, zoneFeatures } from './zone-features.ts';

const CASES: FeatureCollection = {
  id: 'cases',
  title: '案件 Cases',
  description: 'People’s legal matters over patches; a point in the middle of the box of each patch.',
  when: 'The days from its opening to its latest step meet this time.',
  queryables: CASE_QUERYABLES,
  page: caseFeatures,
};

const COVERAGE: FeatureCollection = {
  id: 'coverage',
  title: '覆盖 Coverage',
  description: 'How much of each district could be seen in each month; unobserved is never unchanged.',
  when: 'Its month meets this time.',
  queryables: COVERAGE_QUERYABLES,
  page: coverageFeatures,
};

/** The collections beside patches: cases, coverage, the districts, and a collection zones-NAME of every other layer. */
export async function featureCollections(store: Store, at: Date): Promise<FeatureCollection[]> {
  const day = localDay(at);
  const layers = (await listLayers(store.db)).filter(({ state, validFrom }) => state === 'ready' && validFrom <= day);
  const names = [...new Set(layers.map(({ name }) => name))].sort();
  return [CASES, COVERAGE, ...names.map(layerCollection)];
}

/** @throws ServiceError not-found */
export async function featureCollection(store: Store, id: string, at: Date): Promise<FeatureCollection> {
  const found = (await featureCollections(store, at)).find((one) => one.id === id);
  if (found === undefined) throw new ServiceError('not-found', `There is no collection ${id}.`);
  return found;
}

function layerCollection(name: string): FeatureCollection {
  const isDistricts = name === 'districts';
  return {
    id: isDistricts ? name : `zones-${name}`,
    title: isDistricts ? '行政区 Districts' : `图层 Zones ${name}`,
    description: isDistricts ? 'The districts that hold today.' : 'The zones of a layer that hold today.',
    when: 'It holds on this day, of an interval on the last.',
    queryables: ZONE_QUERYABLES,
    page: (store: Store, asked: FeaturesAsked) => zoneFeatures(store, name, asked),
  };
}
