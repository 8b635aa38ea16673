import { ServiceError } from '../error.ts';
import type { Atom, InstrumentFact, PatchFacts } from './facts.ts';
import type { Opinion } from './opinion.ts';

/**
 * The facts once the owner has produced a document: a new fact beside the old ones, which stay as they were.
 * @param over the patch cut anew along the document's border; 'whole': it covers all of the patch
 * @throws ServiceError bad-input where a document of this id is known already
 */
export function factsAfterDocument(
  facts: PatchFacts,
  document: InstrumentFact,
  over: 'whole' | readonly Atom[],
): PatchFacts {
  if (facts.instruments.some(({ id }) => id === document.id)) {
    const what = `Document ${document.id}: wanted one that the patch does not have yet`;
    throw new ServiceError('bad-input', `${what}, got one that was judged already.`);
  }
  const covered = (atom: Atom) => ({ ...atom, instruments: [...atom.instruments, document.id].sort() });
  const atoms = over === 'whole' ? facts.atoms.map(covered) : [...over];
  return { ...facts, atoms, instruments: [...facts.instruments, document] };
}

/** What people established on site, on top of what they had. */
export function factsAfterFinding(facts: PatchFacts, found: PatchFacts['established']): PatchFacts {
  return { ...facts, established: { ...facts.established, ...found } };
}

/** A figure or word of an opinion that another judgement changed. */
export interface Difference {
  /** e.g. 'opinion', 'kind', 'figures.coveredM2'. */
  what: string;
  before: string | number | null;
  after: string | number | null;
}

/** What differs between two opinions of one patch: the verdict first, then the figures. */
export function differencesOf(before: Opinion, after: Opinion): Difference[] {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  return Object.keys(was).flatMap((what) =>
    was[what] === is[what] ? [] : [{ what, before: was[what], after: is[what] }],
  );
}

function valuesOf({ opinion, kind, ruleId, ruleSetId, ruleVersion, figures, regularisedBy, missing }: Opinion) {
  const { coveredM2, freeM2, doubtfulM2, uncoveredM2, farmland, permanentBasicFarmland, redLine } = figures;
  const values: Record<string, string | number | null> = {
    opinion,
    kind,
    ruleId,
    ruleSet: `${ruleSetId}@${ruleVersion}`,
    'figures.coveredM2': coveredM2,
    'figures.freeM2': freeM2,
    'figures.doubtfulM2': doubtfulM2,
    'figures.uncoveredM2': uncoveredM2,
    'figures.farmland.uncoveredM2': farmland.uncoveredM2,
    'figures.permanentBasicFarmland.uncoveredM2': permanentBasicFarmland.uncoveredM2,
    'figures.redLine.uncoveredM2': redLine.uncoveredM2,
    regularisedBy: regularisedBy.map(({ ref }) => ref).join(', '),
    missing: missing
      .filter(({ decides }) => decides)
      .map(({ ref, why }) => `${ref} ${why}`)
      .join(', '),
  };
  return values;
}
