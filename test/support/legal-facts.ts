import type { Atom, InstrumentFact, LayerFact, PatchFacts } from '../../services/legality/facts.ts';
import type { InstrumentKind } from '../../services/zones/layer-roles.ts';

/** Facts as a monthly run gathers them, planted: every layer vouches, and the ground is ordinary farmland. */

/** The onset interval of planted facts; days before, inside and after it. */
export const ONSET = { lastUnchanged: '2025-05-20', firstChanged: '2025-06-18' };
export const BEFORE = '2025-03-01';
export const INSIDE = '2025-06-01';
export const AFTER = '2025-07-01';

const LAYER_NAMES = [
  'farmland',
  'land-use',
  'built-up',
  'permanent-basic-farmland',
  'red-line',
  'growth-boundary',
  'river-lake-lines',
  'mining-licences',
  'approvals',
  'land-supply',
  'registrations',
  'quota-links',
  'facility-farmland',
  'temporary-land',
  'homesteads',
  'balance-plans',
  'red-line-findings',
  'water-permits',
];

export function layerFact(layer: string, given: Partial<LayerFact> = {}): LayerFact {
  return { layer, version: `${layer}-v1`, covers: true, completeTo: '2025-06-30', ...given };
}

/** Every layer there is, each covering the district and complete; `given` replaces one, null leaves it out. */
export function allLayers(given: Readonly<Record<string, Partial<LayerFact> | null>> = {}): LayerFact[] {
  return LAYER_NAMES.filter((layer) => given[layer] !== null).map((layer) => layerFact(layer, given[layer] ?? {}));
}

export function document(id: string, kind: InstrumentKind, given: Partial<InstrumentFact> = {}): InstrumentFact {
  const said = { number: `${id}号`, date: BEFORE, expiry: null, areaM2: 2000, holder: null };
  return { id, layer: 'approvals', kind, polygonM2: 2000, ...said, ...given };
}

/** A part of the patch: paddy inside the growth boundary, under no document, unless said otherwise. */
export function part(areaM2: number, given: Partial<Atom> = {}): Atom {
  return { areaM2, layers: ['farmland', 'growth-boundary', 'land-use'], landClass: '0101', instruments: [], ...given };
}

/** Ground that parts lie on. */
export const GROUND = {
  farmland: {},
  permanentBasicFarmland: { layers: ['farmland', 'growth-boundary', 'land-use', 'permanent-basic-farmland'] },
  forest: { layers: ['growth-boundary', 'land-use'], landClass: '0301' },
  builtUp: { layers: ['growth-boundary', 'land-use', 'built-up'], landClass: '0602' },
  redLineForest: { layers: ['growth-boundary', 'land-use', 'red-line'], landClass: '0301' },
  riverBank: { layers: ['growth-boundary', 'land-use', 'river-lake-lines'], landClass: '1106' },
} as const satisfies Record<string, Partial<Atom> | object>;

export type FactsSeed = Partial<Omit<PatchFacts, 'edition' | 'patch'>> & { patch?: Partial<PatchFacts['patch']> };

/** Facts of a patch; its area is that of its parts. */
export function patchFacts({ patch = {}, atoms = [part(2000)], ...given }: FactsSeed = {}): PatchFacts {
  const areaM2 = atoms.reduce((sum, atom) => sum + atom.areaM2, 0);
  return {
    edition: 'facts-1',
    patch: {
      areaM2,
      type: 'built',
      typeConfidence: 0.9,
      district: '430421',
      onset: ONSET,
      roadM: null,
      builtUpM: null,
      ...patch,
    },
    atoms,
    instruments: [],
    layers: allLayers(),
    established: {},
    ...given,
  };
}
