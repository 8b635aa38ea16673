import type { ChangeType } from '../../detectors/change-type.ts';

/**
 * Rules, as data, by which a detection is kept out of the queue. Nothing is lost: a screened detection is
 * stored with the rule's name, and counted in every summary. The first rule that applies is named.
 */
export const screeningRules = {
  edition: 'screening-1',
  /** Layers whose loss is what the queue is for; where none was imported, everything is issued. */
  protectedLayers: ['farmland', 'permanent-basic-farmland', 'red-line'],
  /** A patch must take at least this much of a protected layer, m² or share of its area. */
  minOverlapM2: 100,
  minOverlapShare: 0.1,
  /**
   * Crop state: the patch ended up looking like a good part of this month's farmland does (METHODS §0.4), so
   * it is the season, not a change of use. Distance = √ mean squared ln ratio over bands.
   */
  cropDistance: 0.18,
  cropShare: 0.025,
  cropParcels: 5,
  /** Ways of ending that are farming for sure: only land that stays taken is issued. */
  farmingTypes: ['vegetation-gain'] as ChangeType[],
};

export interface Screened {
  type: ChangeType;
  areaM2: number;
  /** m² in each layer it lies in. */
  layerM2: ReadonlyMap<string, number>;
  /** Mean spectrum after, in the radiometry of the looks. */
  after: readonly number[];
}

export type Screening = 'issued' | 'outside-protected' | 'farming-type' | 'crop-state';

/**
 * `looks` are this month's mean spectra of farmland parcels (one each, observed ones only);
 * `layers` the layers the workspace has.
 */
export function screen(patch: Screened, layers: ReadonlySet<string>, looks: readonly (readonly number[])[]): Screening {
  const rules = screeningRules;
  const known = rules.protectedLayers.filter((layer) => layers.has(layer));
  const taken = Math.max(0, ...known.map((layer) => patch.layerM2.get(layer) ?? 0));
  const enough = Math.min(rules.minOverlapM2, rules.minOverlapShare * patch.areaM2);
  if (known.length > 0 && taken < enough) return 'outside-protected';
  if (rules.farmingTypes.includes(patch.type)) return 'farming-type';
  const alike = looks.filter((look) => spectralDistance(look, patch.after) < rules.cropDistance).length;
  if (alike >= rules.cropParcels && alike >= rules.cropShare * looks.length) return 'crop-state';
  return 'issued';
}

/** √ mean over bands of (ln a/b)²: the same for dark and bright ground. */
export function spectralDistance(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let band = 0; band < a.length; band++) {
    const ratio = Math.log(Math.max(1e-6, a[band]) / Math.max(1e-6, b[band]));
    sum += ratio * ratio;
  }
  return Math.sqrt(sum / a.length);
}
