import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../services/legality/backtest.ts';
import { BUILT_IN } from '../../../services/legality/built-in.ts';
import type { PatchFacts } from '../../../services/legality/facts.ts';
import { formOpinion } from '../../../services/legality/form-opinion.ts';
import type { RuleSet } from '../../../services/legality/rule-set.ts';
import {
  AFTER,
  allLayers,
  BEFORE,
  document,
  type FactsSeed,
  GROUND,
  INSIDE,
  part,
  patchFacts,
} from '../../support/legal-facts.ts';

const [{ ruleSet: rules }] = BUILT_IN;

/** What is planted, and the verdict and rule that the law then gives. */
type Case = [statement: string, facts: FactsSeed, verdict: string, ruleId: string];

function holds(cases: readonly Case[], given: RuleSet = rules): void {
  it.each(cases)('%s', (_statement, seed, verdict, ruleId) => {
    const opinion = formOpinion(patchFacts(seed), given);
    expect([verdictOf(opinion), opinion.ruleId]).toEqual([verdict, ruleId]);
    expect([opinion.ruleSetId, opinion.ruleVersion]).toEqual([given.id, given.version]);
  });
}

/** A patch wholly under these documents. */
function under(documents: PatchFacts['instruments'], given: FactsSeed = {}, atom: Parameters<typeof part>[1] = {}) {
  return {
    atoms: [part(2000, { ...atom, instruments: documents.map(({ id }) => id) })],
    instruments: documents,
    ...given,
  };
}

const approval = document('批1', 'approval');
const supply = document('供1', 'land-supply', { layer: 'land-supply' });
const unapproved = 'suspected-illegal:used-before-approval';
const road = { patch: { type: 'road' } } as const;
const bare = { patch: { type: 'bare' } } as const;
const pond = { patch: { type: 'water' } } as const;
const greenhouse = { patch: { type: 'greenhouse' } } as const;

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

describe('The onset', () => {
  const dated = (date: string | null, given: FactsSeed = bare) => under([{ ...approval, date }], given);
  holds([
    ['a document of the last day seen unchanged came in time', dated('2025-05-20'), 'lawful', 'check.approval'],
    [
      'a document of the day after may have come too late',
      dated('2025-05-21'),
      'in-doubt:dated-inside-onset',
      'doubt.dated-inside-onset',
    ],
    [
      'a document of the day the change was first seen too',
      dated('2025-06-18'),
      'in-doubt:dated-inside-onset',
      'doubt.dated-inside-onset',
    ],
    ['a document of the day after that came too late', dated('2025-06-19'), unapproved, 'breach.used-before-approval'],
    ['a document without a date proves nothing', dated(null), 'in-doubt:document-undated', 'doubt.document-undated'],
    [
      'a witness who knows that work had begun by a day overrules the images',
      dated(INSIDE, { ...bare, established: { builtBefore: '2025-05-25' } }),
      unapproved,
      'breach.used-before-approval',
    ],
    [
      'a witness who saw it before the earlier image leaves open whether the approval was there',
      dated(BEFORE, { ...bare, established: { builtBefore: '2025-04-01' } }),
      'in-doubt:dated-inside-onset',
      'doubt.dated-inside-onset',
    ],
  ]);

  it('counts a late document as regularisation, which does not undo the breach', () => {
    const opinion = formOpinion(patchFacts(dated(AFTER)), rules);
    expect(opinion.regularisedBy).toEqual([{ ref: '批1', number: '批1号', date: AFTER, coveredM2: 2000 }]);
  });

  describe('where the rules take what was valid at the later image', () => {
    const lenient = { ...rules, time: { ...rules.time, validAtLaterImageSuffices: true } };
    holds(
      [
        ['a document dated inside the onset interval will do', dated(INSIDE), 'lawful', 'check.approval'],
        ['one dated after it will not', dated(AFTER), unapproved, 'breach.used-before-approval'],
      ],
      lenient,
    );
  });

  it('tells new from old by the cut-off', () => {
    const built = (lastUnchanged: string, firstChanged: string) =>
      formOpinion(patchFacts({ patch: { onset: { lastUnchanged, firstChanged } } }), rules).built;
    expect(built('2020-07-03', '2020-08-01')).toBe('new');
    expect(built('2020-06-01', '2020-07-02')).toBe('old');
    expect(built('2020-06-01', '2020-07-03')).toBe('straddles');
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
    ['exactly 2 亩 is not above 2 亩', covered(0.91 * (4000 / 3), 0.09 * (4000 / 3)), 'lawful', 'check.approval'],
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

  it('is said to the 0.01 m², in all and of each document', () => {
    const { figures } = formOpinion(patchFacts(covered(1500.004, 499.996, GROUND.permanentBasicFarmland)), rules);
    expect(figures).toMatchObject({ areaM2: 2000, coveredM2: 1500, freeM2: 0, doubtfulM2: 0, uncoveredM2: 500 });
    expect(figures.farmland).toEqual({ known: true, areaM2: 2000, doubtfulM2: 0, uncoveredM2: 500 });
    expect(figures.permanentBasicFarmland).toEqual({ known: true, areaM2: 500, doubtfulM2: 0, uncoveredM2: 500 });
    expect(figures.byInstrument).toMatchObject([{ ref: '批1', coveredM2: 1500, share: 0.75, time: 'valid' }]);
  });
});

describe('Kinds of breach are told apart', () => {
  const temporary = (given: object, facts: FactsSeed = {}) => under([document('临1', 'temporary-land', given)], facts);
  const near = (given: object = {}) => ({ instruments: [document('邻1', 'homestead', given)] });
  holds([
    ['没有任何批件：未批先用', {}, unapproved, 'breach.used-before-approval'],
    [
      '批件晚于变化：未批先用',
      under([document('宅1', 'homestead', { date: AFTER })]),
      unapproved,
      'breach.used-before-approval',
    ],
    [
      '批件只覆盖一部分：批少占多',
      { atoms: [part(1000, { instruments: ['宅1'] }), part(1000)], instruments: [document('宅1', 'homestead')] },
      'suspected-illegal:beyond-approval',
      'breach.beyond-approval',
    ],
    [
      '批件在旁而不在其下：批东占西',
      near(),
      'suspected-illegal:elsewhere-than-approved',
      'breach.elsewhere-than-approved',
    ],
    ['旁边的批件晚于变化：未批先用', near({ date: AFTER }), unapproved, 'breach.used-before-approval'],
    ['旁边的批件大得多：未批先用', near({ polygonM2: 90_000 }), unapproved, 'breach.used-before-approval'],
    [
      '有批文无供地而建房：未供先用',
      under([approval]),
      'suspected-illegal:used-before-supply',
      'breach.used-before-supply',
    ],
    [
      '供地晚于建房：未供先用',
      under([approval, { ...supply, date: AFTER }]),
      'suspected-illegal:used-before-supply',
      'breach.used-before-supply',
    ],
    [
      '供地在变化区间内：存疑',
      under([approval, { ...supply, date: INSIDE }]),
      'in-doubt:dated-inside-onset',
      'doubt.dated-inside-onset',
    ],
    ['临时用地期内：合法', temporary({ date: '2024-01-01', expiry: '2025-12-31' }), 'lawful', 'check.approval'],
    [
      '临时用地过期：临时超期',
      temporary({ date: '2023-01-01', expiry: '2024-12-31' }),
      'suspected-illegal:temporary-overdue',
      'breach.temporary-overdue',
    ],
    [
      '临时用地在变化区间内到期而仍占用：临时超期',
      temporary({ date: '2023-06-01', expiry: INSIDE }),
      'suspected-illegal:temporary-overdue',
      'breach.temporary-overdue',
    ],
    ['临时用地未载期限，两年内：合法', temporary({ date: '2023-07-01' }), 'lawful', 'check.approval'],
    [
      '临时用地未载期限，逾两年：存疑',
      temporary({ date: '2023-03-01' }),
      'in-doubt:expiry-unclear',
      'doubt.expiry-unclear',
    ],
    [
      '采矿权界外开采：越界',
      {
        ...bare,
        atoms: [part(1000, { ...GROUND.forest, instruments: ['矿1'] }), part(1000, GROUND.forest)],
        instruments: [document('矿1', 'mining-licence')],
      },
      'suspected-illegal:beyond-licence',
      'breach.beyond-licence',
    ],
    [
      '采矿权变化前已到期：证照过期',
      under([document('矿1', 'mining-licence', { date: '2020-01-01', expiry: '2025-01-01' })], bare, GROUND.forest),
      'suspected-illegal:document-expired',
      'breach.document-expired',
    ],
    [
      '采矿期内所挖，到期仍合法',
      under([document('矿1', 'mining-licence', { date: '2020-01-01', expiry: '2025-06-18' })], bare, GROUND.forest),
      'lawful',
      'check.approval',
    ],
  ]);

  it('shows the unused approval nearby as evidence', () => {
    const { evidence } = formOpinion(patchFacts(near()), rules);
    expect(evidence).toContainEqual(expect.objectContaining({ what: 'near-instrument', ref: '邻1' }));
  });
});

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

describe('Evidence layers', () => {
  const incomplete = 'in-doubt:evidence-incomplete';
  const only = (layers: Record<string, object | null>, given: FactsSeed = {}) => ({
    layers: allLayers(layers),
    ...given,
  });
  holds([
    [
      'without approvals nobody can say that there is none',
      only({ approvals: null }),
      incomplete,
      'doubt.evidence-incomplete',
    ],
    [
      'nor where they do not cover the district',
      only({ approvals: { covers: false } }),
      incomplete,
      'doubt.evidence-incomplete',
    ],
    [
      'nor where nobody said to which day they are complete',
      only({ approvals: { completeTo: null } }),
      incomplete,
      'doubt.evidence-incomplete',
    ],
    [
      'nor where that day is before the later image',
      only({ approvals: { completeTo: '2025-06-17' } }),
      incomplete,
      'doubt.evidence-incomplete',
    ],
    [
      'the day of the later image will do',
      only({ approvals: { completeTo: '2025-06-18' } }),
      unapproved,
      'breach.used-before-approval',
    ],
    ['homesteads may lie among the approvals', only({ homesteads: null }), unapproved, 'breach.used-before-approval'],
    [
      'a layer of homesteads that covers the district counts before them',
      only({ homesteads: { completeTo: '2024-12-31' } }),
      incomplete,
      'doubt.evidence-incomplete',
    ],
    [
      'balance plans do not lie among the approvals',
      only({ 'balance-plans': null }, pond),
      incomplete,
      'doubt.evidence-incomplete',
    ],
    [
      'nobody needs balance plans to know that none cures permanent basic farmland',
      only({ 'balance-plans': null }, { ...pond, atoms: [part(2000, GROUND.permanentBasicFarmland)] }),
      'suspected-illegal:non-grain',
      'breach.non-grain',
    ],
    [
      'without the lines of permanent basic farmland a pond may be either',
      only({ 'permanent-basic-farmland': null }, pond),
      incomplete,
      'doubt.evidence-incomplete',
    ],
    [
      'without land use, ground outside farmland may have been built-up',
      only(
        { 'land-use': null, 'built-up': null },
        { atoms: [part(2000, { layers: ['growth-boundary'], landClass: null })] },
      ),
      'in-doubt:ground-unknown',
      'doubt.ground-unknown',
    ],
    [
      'a survey of last year still says what the ground was',
      only({ farmland: { completeTo: '2023-12-31' }, 'land-use': { completeTo: '2023-12-31' } }),
      unapproved,
      'breach.used-before-approval',
    ],
    [
      'one of five years ago does not',
      only({ farmland: { completeTo: '2020-12-31' }, 'land-use': { completeTo: '2020-12-31' } }),
      'in-doubt:ground-unknown',
      'doubt.ground-unknown',
    ],
    [
      'inside a red line that is out of date, no finding is only a doubt',
      only({ 'red-line': { completeTo: '2024-01-01' } }, under([approval], bare, GROUND.redLineForest)),
      incomplete,
      'doubt.evidence-incomplete',
    ],
    [
      'what a valid document covers whole is lawful, whatever is missing',
      { ...under([approval], bare), layers: [] },
      'lawful',
      'check.approval',
    ],
    ['without any layer nothing else can be said', { layers: [] }, incomplete, 'doubt.evidence-incomplete'],
  ]);

  it('that are missing are named, with why and how to come by them', () => {
    const { missing } = formOpinion(patchFacts(only({ approvals: { completeTo: '2025-06-17' } })), rules);
    expect(missing).toContainEqual({
      what: 'layer',
      ref: 'approvals',
      why: 'stale',
      decides: true,
      text: {
        zh: '图层早于后时相 2025-06-18：审批（批文等）',
        en: 'The layer is older than the later image of 2025-06-18: Approvals',
      },
      remedy: {
        zh: '导入完整至 2025-06-18 的“审批（批文等）”',
        en: 'Import Approvals, complete to 2025-06-18 or later',
      },
    });
  });

  it('that nobody looked at are named even where they decide nothing', () => {
    const { opinion, missing } = formOpinion(patchFacts(only({ 'red-line': null }, under([approval], bare))), rules);
    expect(opinion).toBe('lawful');
    expect(missing).toMatchObject([{ ref: 'red-line', why: 'absent', decides: false }]);
  });
});

describe('Facts that contradict themselves', () => {
  it.each([
    ['parts that do not add up', { patch: { areaM2: 2001 } }, /add up to its 2001 m², got 2000 m²/],
    [
      'an onset that ends before it begins',
      { patch: { onset: { lastUnchanged: AFTER, firstChanged: BEFORE } } },
      /got 2025-03-01/,
    ],
    ['a document that is named but not given', { atoms: [part(10, { instruments: ['x'] })] }, /document x/],
  ])('are refused in one line: %s', (_what, seed, message) => {
    expect(() => formOpinion(patchFacts(seed), rules)).toThrow(message);
  });
});
