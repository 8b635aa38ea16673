import { ServiceError } from '../error.ts';
import type { Store } from '../store/open.ts';
import { latestOpinion, latestOpinions, type OpinionFilter, type OpinionRow } from '../store/opinions.ts';
import { findPatchNamed } from '../store/queue.ts';
import { type Backtest, OpinionComparison } from './backtest.ts';
import type { PatchFacts } from './facts.ts';
import { formOpinion } from './form-opinion.ts';
import { knownRuleSets } from './known-rule-sets.ts';
import type { Opinion } from './opinion.ts';
import { factsOf, isReproduced, opinionOf } from './recorded.ts';
import { nameOf, type RuleSet } from './rule-set.ts';

/** A patch's stored facts judged by a rule set, and whether the stored opinion stands up. */
export interface StoredJudgement {
  number: string;
  facts: PatchFacts;
  opinion: Opinion;
  ruleSet: RuleSet;
  /** As it is on file. */
  before: Opinion;
  stored: Pick<OpinionRow, 'at' | 'opinion' | 'kind'> & { ruleSet: string };
  /** Whether the rules it cites give the stored opinion again, to the byte; null: they are not known here. */
  reproduced: boolean | null;
}

/**
 * The opinion of a patch, worked out again from what was stored with it.
 * @param idOrNumber id or number (JCBH) of the patch
 * @param ruleSet another rule set to judge by; by default the one that its opinion cites
 * @throws ServiceError not-found: the patch, its opinion, or the rules it cites
 */
export async function judgeStored(store: Store, idOrNumber: string, ruleSet?: RuleSet): Promise<StoredJudgement> {
  const patch = await findPatchNamed(store.db, idOrNumber);
  if (patch === null) throw new ServiceError('not-found', `There is no patch ${idOrNumber}.`);
  const row = await latestOpinion(store.db, patch.id);
  if (row === null) throw new ServiceError('not-found', `Of patch ${patch.number} no opinion has been formed.`);
  const cited = nameOf({ id: row.ruleSetId, version: row.ruleVersion });
  const own = (await knownRuleSets(store)).find((one) => nameOf(one.ruleSet) === cited)?.ruleSet;
  const rules = ruleSet ?? own;
  if (rules === undefined) {
    throw new ServiceError(
      'not-found',
      `The opinion of patch ${patch.number} cites ${cited}, which is not known here.`,
    );
  }
  const facts = factsOf(row);
  return {
    number: patch.number,
    facts,
    opinion: formOpinion(facts, rules),
    ruleSet: rules,
    before: opinionOf(row),
    stored: { at: row.at, opinion: row.opinion, kind: row.kind, ruleSet: cited },
    reproduced: own === undefined ? null : isReproduced(row, own),
  };
}

/** What a new rule set would change in the opinions on file, and how many of these their own rules give again. */
export interface StoredBacktest extends Backtest {
  verified: {
    reproduced: number;
    /** Numbers of patches whose stored opinion is not what its rules give. */
    differing: string[];
    /** Rule sets that opinions cite but that are not known here. */
    unknownRuleSets: string[];
  };
}

export async function backtestStored(
  store: Store,
  before: RuleSet,
  after: RuleSet,
  filter: OpinionFilter,
): Promise<StoredBacktest> {
  const known = new Map((await knownRuleSets(store)).map(({ ruleSet }) => [nameOf(ruleSet), ruleSet]));
  const comparison = new OpinionComparison(before, after);
  const verified = { reproduced: 0, differing: [] as string[], unknownRuleSets: [] as string[] };
  for await (const row of latestOpinions(store.db, filter)) {
    comparison.add({ number: row.number, facts: factsOf(row) });
    const cited = nameOf({ id: row.ruleSetId, version: row.ruleVersion });
    const own = known.get(cited);
    if (own === undefined) {
      if (!verified.unknownRuleSets.includes(cited)) verified.unknownRuleSets.push(cited);
    } else if (isReproduced(row, own)) verified.reproduced++;
    else verified.differing.push(row.number);
  }
  return { ...comparison.result(), verified };
}
