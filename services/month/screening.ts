import type { ChangeType } from '../../detectors/change-type.ts';

/**
 * Rules, as data, by which a detection is kept out of the queue. Nothing is lost: a screened detection is
 * stored with the rule's name, and counted in every summary. The first rule that applies is named.
 */
export const screeningRules = {
  edition: 'screening-2',
  /**
   * Layers whose loss is what the queue is for, beside what themes watch; where none was imported and no theme applies,
   * everything is issued.
   */
  protectedLayers: ['farmland', 'permanent-basic-farmland', 'red-line'],
  /** A patch must take at least this much of a protected layer, m² or share of its area. */
  minOverlapM2: 100,
  minOverlapShare: 0.1,
  /** Ways of ending that are farming for sure: only land that stays taken is issued. */
  farmingTypes: ['vegetation-gain'] as ChangeType[],
};

export interface Screened {
  type: ChangeType;
  areaM2: number;
  /** m² in each layer it lies in. */
  layerM2: ReadonlyMap<string, number>;
  /** How many themes it belongs to whose zones are known. */
  themes: number;
}

export type Screening = 'issued' | 'outside-protected' | 'farming-type';

/** `layers` are those the workspace has. */
export function screen(patch: Screened, layers: ReadonlySet<string>): Screening {
  const rules = screeningRules;
  const known = rules.protectedLayers.filter((layer) => layers.has(layer));
  const taken = Math.max(0, ...known.map((layer) => patch.layerM2.get(layer) ?? 0));
  const enough = Math.min(rules.minOverlapM2, rules.minOverlapShare * patch.areaM2);
  if (known.length > 0 && taken < enough && patch.themes === 0) return 'outside-protected';
  return rules.farmingTypes.includes(patch.type) ? 'farming-type' : 'issued';
}
