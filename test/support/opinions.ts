import { BUILT_IN } from '../../services/legality/built-in.ts';
import type { PatchFacts } from '../../services/legality/facts.ts';
import { formOpinion } from '../../services/legality/form-opinion.ts';
import { opinionRow } from '../../services/legality/recorded.ts';
import type { RuleSet } from '../../services/legality/rule-set.ts';
import type { Store } from '../../services/store/open.ts';
import { insertOpinions, opinionsOf } from '../../services/store/opinions.ts';
import { findPatch } from '../../services/store/patches.ts';
import { type PatchSeed, plantPatch } from './patches.ts';

/** Puts a patch into the store, judged on these facts as a monthly run does. Gives its id and number. */
export async function plantJudged(
  store: Store,
  facts: PatchFacts,
  given: { patch?: PatchSeed; ruleSet?: RuleSet } = {},
): Promise<{ id: string; number: string }> {
  const { district, areaM2 } = facts.patch;
  const id = await plantPatch(store, { district, areaM2, ...given.patch });
  await plantOpinion(store, id, facts, given.ruleSet);
  return { id, number: (await findPatch(store.db, id))!.number };
}

/** One more opinion of a patch, by the national rules unless others are given. */
export async function plantOpinion(
  store: Store,
  patchId: string,
  facts: PatchFacts,
  ruleSet: RuleSet = BUILT_IN[0].ruleSet,
): Promise<void> {
  const earlier = (await opinionsOf(store.db, patchId)).length;
  const at = new Date('2025-07-01T02:00:00Z');
  await insertOpinions(store.db, [opinionRow({ patchId, facts, opinion: formOpinion(facts, ruleSet), earlier, at })]);
}
