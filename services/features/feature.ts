import type { Geometry } from 'geojson';
import type { LonLatBox } from '../../imagery/grid.ts';

/** A feature that is no patch. Its geometry is longitude first; null where its place is not known. */
export interface Feature {
  id: string;
  geometry: Geometry | null;
  properties: Readonly<Record<string, string | number | null>>;
}

export interface FeaturesAsked {
  /** District code prefix that the asker may see; '' = all. */
  within: string;
  box?: LonLatBox | undefined;
  limit: number;
  cursor?: string | undefined;
  at: Date;
}

/** `next` is the cursor of the page that follows; null: this is the last. */
export interface FeaturePage {
  features: Feature[];
  next: string | null;
}
