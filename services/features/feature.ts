import type { Geometry } from 'geojson';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { Store } from '../store/open.ts';
import type { Condition, Queryable } from './cql2/tree.ts';

/** A feature that is no patch. Its geometry is longitude first; null where its place is not known. */
export interface Feature {
  id: string;
  geometry: Geometry | null;
  properties: Readonly<Record<string, string | number | null>>;
}

export interface FeaturesAsked {
  /** District code prefix that the asker may see; '' = all. */
  within: string;
  /** Only the feature of this id. */
  id?: string | undefined;
  box?: LonLatBox | undefined;
  /** Local days, inclusive; null: open. */
  days?: { from: string | null; to: string | null } | undefined;
  condition?: Condition | undefined;
  limit: number;
  cursor?: string | undefined;
  at: Date;
}

/** `next` is the cursor of the page that follows; null: this is the last. */
export interface FeaturePage {
  features: Feature[];
  next: string | null;
  /** On all pages. */
  total: number;
}

export interface FeatureCollection {
  id: string;
  title: string;
  description: string;
  /** What datetime asks of its features. */
  when: string;
  queryables: readonly Queryable[];
  page(store: Store, asked: FeaturesAsked): Promise<FeaturePage>;
}
