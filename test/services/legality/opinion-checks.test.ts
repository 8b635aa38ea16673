import { describe, expect, it } from 'vitest';
import { formOpinion } from '../../../services/legality/form-opinion.ts';
import type { RuleSet } from '../../../services/legality/rule-set.ts';
import { approval, bare, holds, pond, road, rules, supply, unapproved, under } from '../../support/legal-cases.ts';
import { document, GROUND, part, patchFacts } from '../../support/legal-facts.ts';

describe('The checks, in the order of the law', () => {
  holds([
    [
      'an approval that was there before the change makes earthworks lawful',
      under([approval], bare),
      'lawful',
      'check.approval',
    ],
    ['a house needs its land supplied as well', under([approval, supply]), 'lawful', 'check.land-supply'],
    [
      'registered land has been supplied',
      under([approval, document('登1', 'registration')]),
      'lawful',
      'check.registration',
    ],
    ['a homestead needs no land supply', under([document('宅1', 'homestead')]), 'lawful', 'check.approval'],
    [
      'a shed on record as facility farmland is facility farmland',
      under([document('设1', 'facility-farmland')]),
      'facility-farmland',
      'check.facility-farmland',
    ],
    [
      'a road found on site to be a rural road is one',
      { ...road, established: { ruralRoad: true } },
      'rural-road',
      'check.rural-road',
    ],
    [
      'a house on land that was built-up before needs no document',
      { atoms: [part(2000, GROUND.builtUp)] },
      'other:already-built-up',
      'other.already-built-up',
    ],
    [
      'a pond outside farmland needs no document',
      { ...pond, atoms: [part(2000, GROUND.forest)] },
      'other:no-document-needed',
      'other.no-document-needed',
    ],
    [
      'what is smaller than the smallest patch is left',
      { atoms: [part(40)] },
      'other:below-minimum-area',
      'other.below-minimum-area',
    ],
    ['a building without any document is a breach', {}, unapproved, 'breach.used-before-approval'],
  ]);

  it('are all said, with what each found', () => {
    const { steps } = formOpinion(patchFacts(under([approval, supply])), rules);
    expect(steps.map(({ check, result }) => `${check} ${result}`)).toEqual([
      'approval failed',
      'land-supply passed',
      'registration not-reached',
      'facility-farmland not-reached',
      'rural-road not-reached',
      'other not-reached',
    ]);
    expect(steps[1]).toMatchObject({
      allowedM2: 2000,
      uncoveredM2: 0,
      instruments: ['供1'],
      coverageRuleId: 'coverage.above-2-mu',
    });
  });
});

describe('Coverage', () => {
  const covered = (coveredM2: number, restM2: number, rest: Parameters<typeof part>[1] = {}) => ({
    ...bare,
    atoms: [part(coveredM2, { instruments: ['批1'] }), part(restM2, rest)],
    instruments: [approval],
  });
  const beyond = 'suspected-illegal:beyond-approval';
  holds([
    ['over 2 亩, 95 % are enough', covered(1900, 100), 'lawful', 'check.approval'],
    ['over 2 亩, 94.9 % are more taken than approved', covered(1898, 102), beyond, 'breach.beyond-approval'],
    ['up to 2 亩, 90 % are enough', covered(1200, 133), 'lawful', 'check.approval'],
    ['up to 2 亩, 89 % are more taken than approved', covered(1187, 146), beyond, 'breach.beyond-approval'],
    [
      'half a 亩 of farmland uncovered is a breach however large the rest',
      covered(9666.66, 333.34),
      beyond,
      'breach.beyond-approval',
    ],
    ['a little less than half a 亩 is not', covered(9666.68, 333.32), 'lawful', 'check.approval'],
    ['uncovered forest is not uncovered farmland', covered(9600, 400, GROUND.forest), 'lawful', 'check.approval'],
    ['ground that was built-up needs no cover', covered(1000, 1000, GROUND.builtUp), 'lawful', 'check.approval'],
    [
      'two documents cover together what neither covers alone',
      {
        ...bare,
        atoms: [part(1000, { instruments: ['批1'] }), part(1000, { instruments: ['批2'] })],
        instruments: [approval, document('批2', 'approval')],
      },
      'lawful',
      'check.approval',
    ],
  ]);

  describe('of a patch of exactly the area of a band', () => {
    const [large, small] = rules.coverage;
    const round: RuleSet = { ...rules, coverage: [{ ...large, aboveMu: 1.5 }, small] };
    holds([['is that of the band below', covered(910, 90), 'lawful', 'check.approval']], round);
  });

  it('is said to the 0.01 m², in all and of each document', () => {
    const { figures } = formOpinion(patchFacts(covered(1500.004, 499.996, GROUND.permanentBasicFarmland)), rules);
    expect(figures).toMatchObject({ areaM2: 2000, coveredM2: 1500, freeM2: 0, doubtfulM2: 0, uncoveredM2: 500 });
    expect(figures.farmland).toEqual({ known: true, areaM2: 2000, doubtfulM2: 0, uncoveredM2: 500 });
    expect(figures.permanentBasicFarmland).toEqual({ known: true, areaM2: 500, doubtfulM2: 0, uncoveredM2: 500 });
    expect(figures.byInstrument).toMatchObject([{ ref: '批1', coveredM2: 1500, share: 0.75, time: 'valid' }]);
  });
});
