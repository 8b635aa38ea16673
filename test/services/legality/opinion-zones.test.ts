import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../services/legality/backtest.ts';
import { formOpinion } from '../../../services/legality/form-opinion.ts';
import type { RuleSet } from '../../../services/legality/rule-set.ts';
import { approval, bare, greenhouse, holds, pond, road, rules, unapproved, under } from '../../support/legal-cases.ts';
import { document, GROUND, part, patchFacts } from '../../support/legal-facts.ts';

describe('Which document cures which zone', () => {
  const scope = 'suspected-illegal:outside-document-scope';
  holds([
    [
      'a national project cures permanent basic farmland',
      under([document('国1', 'national-project')], {}, GROUND.permanentBasicFarmland),
      'lawful',
      'check.approval',
    ],
    [
      'a homestead does not',
      under([document('宅1', 'homestead')], {}, GROUND.permanentBasicFarmland),
      scope,
      'breach.outside-document-scope',
    ],
    [
      'nor does facility farmland on record',
      under([document('设1', 'facility-farmland')], {}, GROUND.permanentBasicFarmland),
      scope,
      'breach.outside-document-scope',
    ],
    [
      'a record of facility farmland is worth nothing where people found something else',
      under([document('设1', 'facility-farmland')], { established: { facilityFarmland: false } }),
      scope,
      'breach.outside-document-scope',
    ],
    [
      'nor quota links',
      under([document('挂1', 'quota-link')], {}, GROUND.permanentBasicFarmland),
      scope,
      'breach.outside-document-scope',
    ],
    [
      'temporary land may, if it can be cropped again',
      under([document('临1', 'temporary-land')], {}, GROUND.permanentBasicFarmland),
      'in-doubt:condition-unproven',
      'doubt.condition-unproven',
    ],
    [
      'an approval does not cure the red line',
      under([approval], bare, GROUND.redLineForest),
      scope,
      'breach.outside-document-scope',
    ],
    [
      'a finding of limited human activity does',
      under([document('限1', 'red-line-finding')], bare, GROUND.redLineForest),
      'lawful',
      'check.approval',
    ],
    [
      'clearing in the red line is a doubt until somebody has looked',
      { patch: { type: 'vegetation-loss' }, atoms: [part(2000, GROUND.redLineForest)] },
      'in-doubt:cannot-be-told',
      'doubt.cannot-be-told',
    ],
    [
      'a water permit cures the banks of a river',
      under([document('水1', 'water-permit'), approval], bare, GROUND.riverBank),
      'lawful',
      'check.approval',
    ],
    ['an approval alone does not', under([approval], bare, GROUND.riverBank), scope, 'breach.outside-document-scope'],
    [
      'a pond in the red line is a breach though no farmland is taken',
      { ...pond, atoms: [part(2000, GROUND.redLineForest)] },
      unapproved,
      'breach.used-before-approval',
    ],
  ]);
});

describe('Farmland out of grain', () => {
  const plan = document('进1', 'balance-plan', { layer: 'balance-plans' });
  holds([
    ['on ordinary farmland it is to be put right', pond, 'other:non-grain-to-rectify', 'other.non-grain-to-rectify'],
    [
      'on permanent basic farmland it is a breach',
      { ...pond, atoms: [part(2000, GROUND.permanentBasicFarmland)] },
      'suspected-illegal:non-grain',
      'breach.non-grain',
    ],
    ['a balance plan cures ordinary farmland', under([plan], pond), 'lawful', 'check.approval'],
    [
      'a balance plan never cures permanent basic farmland',
      under([plan], pond, GROUND.permanentBasicFarmland),
      'suspected-illegal:non-grain',
      'breach.non-grain',
    ],
    [
      'a greenhouse may be facility farmland: nobody can tell from above',
      greenhouse,
      'in-doubt:cannot-be-told',
      'doubt.cannot-be-told',
    ],
    [
      'found to be none, it is out of grain',
      { ...greenhouse, established: { facilityFarmland: false } },
      'other:non-grain-to-rectify',
      'other.non-grain-to-rectify',
    ],
    [
      'found to be one, it is',
      { ...greenhouse, established: { facilityFarmland: true } },
      'facility-farmland',
      'check.facility-farmland',
    ],
    [
      'but not on permanent basic farmland',
      { ...greenhouse, atoms: [part(2000, GROUND.permanentBasicFarmland)], established: { facilityFarmland: true } },
      'suspected-illegal:non-grain',
      'breach.non-grain',
    ],
    [
      'crops cannot be told from trees',
      { patch: { type: 'vegetation-gain' } },
      'in-doubt:cannot-be-told',
      'doubt.cannot-be-told',
    ],
  ]);

  it('is a breach on ordinary farmland where the rules say so', () => {
    const strict: RuleSet = { ...rules, nonGrain: { ...rules.nonGrain, ordinaryFarmland: 'suspected-illegal' } };
    expect(verdictOf(formOpinion(patchFacts(pond), strict))).toBe('suspected-illegal:non-grain');
  });
});

describe('What images cannot tell', () => {
  holds([
    ['the width of a road', road, 'in-doubt:cannot-be-told', 'doubt.cannot-be-told'],
    [
      'a road found to be none of the rural roads is a breach',
      { ...road, established: { ruralRoad: false } },
      unapproved,
      'breach.used-before-approval',
    ],
    [
      'on permanent basic farmland even a rural road is',
      { ...road, atoms: [part(2000, GROUND.permanentBasicFarmland)] },
      unapproved,
      'breach.used-before-approval',
    ],
    ['a change of no type', { patch: { type: 'unknown' } }, 'in-doubt:cannot-be-told', 'doubt.cannot-be-told'],
    [
      'a type told with little confidence',
      { patch: { typeConfidence: 0.39 } },
      'in-doubt:cannot-be-told',
      'doubt.cannot-be-told',
    ],
    [
      'is lawful all the same where the strictest document is there',
      under([approval], { patch: { type: 'unknown' } }),
      'lawful',
      'check.approval',
    ],
  ]);
});
