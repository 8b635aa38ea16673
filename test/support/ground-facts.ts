import type { ChangeType } from '../../detectors/change-type.ts';
import type { Atom, PatchFacts } from '../../services/legality/facts.ts';

/** Facts of a patch whose atoms a test gives; its area is theirs. */
export function groundFacts(
  type: ChangeType,
  atoms: (Partial<Atom> & { areaM2: number })[],
  given: Partial<PatchFacts['patch']> & Pick<Partial<PatchFacts>, 'instruments'> = {},
): PatchFacts {
  const { instruments = [], ...patch } = given;
  return {
    edition: 'facts-1',
    patch: {
      areaM2: atoms.reduce((sum, { areaM2 }) => sum + areaM2, 0),
      type,
      typeConfidence: 0.9,
      district: '430407',
      onset: { lastUnchanged: '2025-05-20', firstChanged: '2025-06-12' },
      roadM: null,
      builtUpM: null,
      ...patch,
    },
    atoms: atoms.map((atom) => ({ layers: [], landClass: null, instruments: [], ...atom })),
    instruments,
    layers: [],
    established: {},
  };
}
