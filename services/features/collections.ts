import { ServiceError } from '../error.ts';
import { localDay } from '../local-time.ts';
import { listLayers } from '../store/layers.ts';
import type { Store } from '../store/open.ts';
import { caseFeatures } from './case-features.ts';
import { coverageFeatures } from './coverage-features.ts';
import type { FeaturePage, FeaturesAsked } from './feature.ts';
import { zoneFeatures } from './zone-features.ts';

export interface FeatureCollection {
  id: string;
  title: string;
  description: string;
  page(store: Store, asked: FeaturesAsked): Promise<FeaturePage>;
}

const CASES: FeatureCollection = {
  id: 'cases',
  title: 'Cases (案件)',
  description: 'People’s legal matters over patches; a point in the middle of the box of each patch.',
  page: caseFeatures,
};

const COVERAGE: FeatureCollection = {
  id: 'coverage',
  title: 'Coverage (覆盖)',
  description: 'How much of each district could be seen in each month; unobserved is never unchanged.',
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
  const page = (store: Store, asked: FeaturesAsked) => zoneFeatures(store, name, asked);
  if (name === 'districts') {
    return { id: name, title: 'Districts (行政区)', description: 'The districts that hold today.', page };
  }
  return {
    id: `zones-${name}`,
    title: `Zones (图层) ${name}`,
    description: 'The zones of a layer that hold today.',
    page,
  };
}
