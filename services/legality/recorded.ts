import { createHash } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { OpinionRow } from '../store/opinions.ts';
import type { OpinionTable } from '../store/schema-legality.ts';
import type { PatchFacts } from './facts.ts';
import { formOpinion } from './form-opinion.ts';
import type { Opinion } from './opinion.ts';
import type { RuleSet } from './rule-set.ts';

/** An opinion to be kept. */
export interface FormedOpinion {
  patchId: string;
  facts: PatchFacts;
  opinion: Opinion;
  /** How many opinions the patch had before. */
  earlier: number;
  at: Date;
}

/** An opinion as it is kept: with the facts, so that it can be formed again years later. */
export function opinionRow({ patchId, facts, opinion, earlier, at }: FormedOpinion): Insertable<OpinionTable> {
  const { ruleSetId, ruleVersion, kind, ruleId } = opinion;
  const [factsJson, opinionJson] = [JSON.stringify(facts), JSON.stringify(opinion)];
  const content = JSON.stringify([patchId, earlier, factsJson, opinionJson]);
  const id = createHash('sha256').update(content).digest('hex').slice(0, 24);
  const row = { id, patchId, at: at.toISOString(), ruleSetId, ruleVersion, opinion: opinion.opinion, kind, ruleId };
  return { ...row, factsJson, opinionJson };
}

export function factsOf({ factsJson }: Pick<OpinionRow, 'factsJson'>): PatchFacts {
  return JSON.parse(factsJson) as PatchFacts;
}

export function opinionOf({ opinionJson }: Pick<OpinionRow, 'opinionJson'>): Opinion {
  return JSON.parse(opinionJson) as Opinion;
}

/** Whether the rules that a stored opinion cites give it again today, to the byte. */
export function isReproduced(row: Pick<OpinionRow, 'factsJson' | 'opinionJson'>, ruleSet: RuleSet): boolean {
  return JSON.stringify(formOpinion(factsOf(row), ruleSet)) === row.opinionJson;
}
