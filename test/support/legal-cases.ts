import { expect, it } from 'vitest';
import { verdictOf } from '../../services/legality/backtest.ts';
import { BUILT_IN } from '../../services/legality/built-in.ts';
import type { Atom, InstrumentFact } from '../../services/legality/facts.ts';
import { formOpinion } from '../../services/legality/form-opinion.ts';
import type { RuleSet } from '../../services/legality/rule-set.ts';
import { document, type FactsSeed, part, patchFacts } from './legal-facts.ts';

/** Statements of law: what is planted, and the verdict and rule that it then gives. */
export type Case = [statement: string, facts: FactsSeed, verdict: string, ruleId: string];

export const rules: RuleSet = BUILT_IN[0].ruleSet;

/** A test of each statement. */
export function holds(cases: readonly Case[], given: RuleSet = rules): void {
  it.each(cases)('%s', (_statement, seed, verdict, ruleId) => {
    const opinion = formOpinion(patchFacts(seed), given);
    expect([verdictOf(opinion), opinion.ruleId]).toEqual([verdict, ruleId]);
    expect([opinion.ruleSetId, opinion.ruleVersion]).toEqual([given.id, given.version]);
  });
}

/** A patch wholly under these documents. */
export function under(
  documents: readonly InstrumentFact[],
  given: FactsSeed = {},
  ground: Partial<Atom> = {},
): FactsSeed {
  const atoms = [part(2000, { ...ground, instruments: documents.map(({ id }) => id) })];
  return { atoms, instruments: [...documents], ...given };
}

export const approval = document('批1', 'approval');
export const supply = document('供1', 'land-supply', { layer: 'land-supply' });
export const unapproved = 'suspected-illegal:used-before-approval';
export const road = { patch: { type: 'road' } } as const;
export const bare = { patch: { type: 'bare' } } as const;
export const pond = { patch: { type: 'water' } } as const;
export const greenhouse = { patch: { type: 'greenhouse' } } as const;
