import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../services/legality/built-in.ts';
import type { PatchFacts } from '../../../services/legality/facts.ts';
import { formOpinion } from '../../../services/legality/form-opinion.ts';
import { differencesOf, factsAfterDocument, factsAfterFinding } from '../../../services/legality/late-document.ts';
import type { Opinion } from '../../../services/legality/opinion.ts';
import { AFTER, document, part, patchFacts } from '../../support/legal-facts.ts';

const [{ ruleSet: rules }] = BUILT_IN;
const facts = patchFacts();
const before = formOpinion(facts, rules);
const differencesFrom = (was: Opinion, now: PatchFacts) => differencesOf(was, formOpinion(now, rules));

describe('A document that the owner produces', () => {
  it('is a new fact: judged again, and the difference shown', () => {
    const given = factsAfterDocument(facts, document('宅1', 'homestead'), 'whole');
    expect(differencesFrom(before, given)).toEqual([
      { what: 'opinion', before: 'suspected-illegal', after: 'lawful' },
      { what: 'kind', before: 'used-before-approval', after: null },
      { what: 'ruleId', before: 'breach.used-before-approval', after: 'check.approval' },
      { what: 'figures.coveredM2', before: 0, after: 2000 },
      { what: 'figures.uncoveredM2', before: 2000, after: 0 },
      { what: 'figures.farmland.uncoveredM2', before: 2000, after: 0 },
    ]);
  });

  it('issued after the change is noted and does not undo the breach', () => {
    const given = factsAfterDocument(facts, document('宅1', 'homestead', { date: AFTER }), 'whole');
    expect(differencesFrom(before, given)).toEqual([{ what: 'regularisedBy', before: '', after: '宅1' }]);
  });

  it('may cover a part, along whose border the patch is cut anew', () => {
    const cut = [part(500, { instruments: ['宅1'] }), part(1500)];
    const differences = differencesFrom(before, factsAfterDocument(facts, document('宅1', 'homestead'), cut));
    expect(differences).toContainEqual({ what: 'kind', before: 'used-before-approval', after: 'beyond-approval' });
  });

  it('leaves the old facts as they were, and is not taken twice', () => {
    const copy = JSON.stringify(facts);
    const given = factsAfterDocument(facts, document('宅1', 'homestead'), 'whole');
    expect(JSON.stringify(facts)).toBe(copy);
    expect(() => factsAfterDocument(given, document('宅1', 'homestead'), 'whole')).toThrow(
      /got one that was judged already/,
    );
  });
});

it('What people find on site is a new fact too', () => {
  const road = patchFacts({ patch: { type: 'road' } });
  const found = factsAfterFinding(road, { ruralRoad: true });
  expect(differencesFrom(formOpinion(road, rules), found)[0]).toEqual({
    what: 'opinion',
    before: 'in-doubt',
    after: 'rural-road',
  });
});
