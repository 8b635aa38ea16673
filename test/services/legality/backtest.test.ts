import { expect, it } from 'vitest';
import { type JudgedPatch, OpinionComparison } from '../../../services/legality/backtest.ts';
import { BUILT_IN } from '../../../services/legality/built-in.ts';
import type { RuleSet } from '../../../services/legality/rule-set.ts';
import { document, INSIDE, part, patchFacts } from '../../support/legal-facts.ts';

const [{ ruleSet: rules }] = BUILT_IN;
const next: RuleSet = { ...rules, version: '1.1', time: { ...rules.time, validAtLaterImageSuffices: true } };
const early = (id: number): JudgedPatch => ({
  number: `P${id}`,
  facts: patchFacts({
    atoms: [part(1000, { instruments: ['宅1'] })],
    instruments: [document('宅1', 'homestead', { date: INSIDE })],
  }),
});
const none: JudgedPatch = { number: 'N1', facts: patchFacts() };

const compared = (patches: JudgedPatch[], before: RuleSet, after: RuleSet) => {
  const comparison = new OpinionComparison(before, after);
  for (const patch of patches) comparison.add(patch);
  return comparison.result();
};

it('A backtest counts what another rule set changes, with areas and examples, and what stays', () => {
  const patches = [none, ...[1, 2, 3, 4, 5, 6, 7].map(early)];
  expect(compared(patches, rules, next)).toEqual({
    before: 'cn-2024@1.0',
    after: 'cn-2024@1.1',
    patches: 8,
    areaM2: 9000,
    changed: 7,
    changedM2: 7000,
    moves: [
      {
        from: 'in-doubt:dated-inside-onset',
        to: 'lawful',
        patches: 7,
        areaM2: 7000,
        examples: ['P1', 'P2', 'P3', 'P4', 'P5'],
      },
      {
        from: 'suspected-illegal:used-before-approval',
        to: 'suspected-illegal:used-before-approval',
        patches: 1,
        areaM2: 2000,
        examples: ['N1'],
      },
    ],
  });
});

it('A backtest of a rule set against itself changes nothing', () => {
  expect(compared([none, early(1)], rules, rules)).toMatchObject({ patches: 2, changed: 0, changedM2: 0 });
});
