import { M2_PER_MU, shownM2, sumM2 } from './area.ts';
import type { JudgedAtom } from './coverage-test.ts';
import type { InstrumentFact, PatchFacts } from './facts.ts';
import { OVERLAY_LAYERS, PBF } from './ground.ts';
import type { Kind } from './kinds.ts';
import { timeStanding } from './time-standing.ts';
import { type Cause, type Matter, STANDINGS, type Standing } from './zone-standing.ts';

/** Tells kinds of breach apart, once it is sure that there is one. */

/**
 * What farmland out of grain comes to: a breach inside permanent basic farmland, elsewhere as the rules say. What it
 * does to red lines and waters is a breach like any other.
 */
export function nonGrainKind(atoms: readonly JudgedAtom[], matter: Matter): Kind | Cause[] {
  const { ruleSet, vouching } = matter;
  const open = atoms.filter(({ verdict }) => verdict === 'breach');
  const least = ruleSet.nonGrain.leastMu * M2_PER_MU;
  const area = (fits: (one: JudgedAtom) => boolean) => sumM2(open.filter(fits).map(({ atom }) => atom.areaM2));
  if (area(({ ground }) => ground.bases.every((base) => base === PBF)) >= least) return 'non-grain';
  const overlaid = open.filter(({ breached }) => breached.some((zone) => zone in OVERLAY_LAYERS));
  if (area((one) => overlaid.includes(one)) >= least) return constructionKind(overlaid, matter);
  if (area(({ ground }) => ground.bases.includes(PBF)) >= least) {
    const why = vouching(PBF);
    if (why !== 'vouched') return [{ kind: 'evidence-incomplete', what: 'layer', ref: PBF, why }];
  }
  if (ruleSet.nonGrain.ordinaryFarmland === 'suspected-illegal') return 'non-grain';
  const graver = open.filter((one) => one.graver.length > 0);
  if (area((one) => graver.includes(one)) >= least) return graver.flatMap((one) => one.graver);
  return 'non-grain-to-rectify';
}

/** The kind of a breach by construction: by what most of the ground that is not covered lacks. */
export function constructionKind(atoms: readonly JudgedAtom[], matter: Matter): Kind {
  const reason = mainReason(atoms);
  if (reason.standing === 'no-supply') return 'used-before-supply';
  if (reason.standing === 'expired') return expiredKind(reason.atoms, matter);
  if (reason.standing === 'late') return 'used-before-approval';
  if (reason.standing === 'out-of-scope') return 'outside-document-scope';
  const covering = coveringKinds(atoms, matter);
  if (covering.length > 0) {
    return covering.every((kind) => kind === 'mining-licence') ? 'beyond-licence' : 'beyond-approval';
  }
  return nearDocuments(matter.facts, matter).length > 0 ? 'elsewhere-than-approved' : 'used-before-approval';
}

/** The standing that most of the area in breach has; of equal ones the one nearest to lawful. */
function mainReason(atoms: readonly JudgedAtom[]): { standing: Standing; atoms: JudgedAtom[] } {
  const open = atoms.filter(({ verdict }) => verdict === 'breach');
  const groups = STANDINGS.map((standing) => ({ standing, atoms: open.filter((one) => one.standing === standing) }));
  const area = (group: readonly JudgedAtom[]) => sumM2(group.map(({ atom }) => atom.areaM2));
  return groups.reduce((most, group) => (area(group.atoms) > area(most.atoms) ? group : most));
}

function expiredKind(atoms: readonly JudgedAtom[], { instruments, onset, ruleSet }: Matter): Kind {
  const ids = new Set(atoms.flatMap(({ atom }) => atom.instruments));
  const expired = [...ids]
    .map((id) => instruments.get(id))
    .filter((one) => one !== undefined)
    .filter((document) => timeStanding(document, onset, ruleSet) === 'expired');
  return expired.some(({ kind }) => kind === 'temporary-land') ? 'temporary-overdue' : 'document-expired';
}

/** Kinds of the documents that allow, or may allow, a part of the patch. */
function coveringKinds(atoms: readonly JudgedAtom[], { instruments, onset, ruleSet }: Matter) {
  const touched = atoms.filter(({ verdict, standing }) => verdict !== 'breach' || standing === 'no-supply');
  const ids = new Set(touched.flatMap(({ atom }) => atom.instruments));
  return [...ids]
    .map((id) => instruments.get(id))
    .filter((one) => one !== undefined)
    .filter((document) => !['late', 'expired'].includes(timeStanding(document, onset, ruleSet)))
    .map(({ kind }) => kind);
}

/** Documents that lie near but cover nothing of the patch, and could have been meant for it. */
export function nearDocuments(facts: PatchFacts, { ruleSet, onset }: Pick<Matter, 'ruleSet' | 'onset'>) {
  const touching = new Set(facts.atoms.flatMap(({ instruments }) => instruments));
  const { instruments, leastRatio, mostRatio } = ruleSet.near;
  return facts.instruments.filter((document: InstrumentFact) => {
    if (touching.has(document.id) || !instruments.includes(document.kind)) return false;
    const ratio = document.polygonM2 / shownM2(facts.patch.areaM2);
    const time = timeStanding(document, onset, ruleSet);
    return ratio >= leastRatio && ratio <= mostRatio && time !== 'late' && time !== 'expired';
  });
}
