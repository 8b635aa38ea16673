import { describe, expect, it } from 'vitest';
import { formOpinion } from '../../../services/legality/form-opinion.ts';
import { approval, bare, holds, rules, supply, unapproved, under } from '../../support/legal-cases.ts';
import {
  AFTER,
  BEFORE,
  document,
  type FactsSeed,
  GROUND,
  INSIDE,
  part,
  patchFacts,
} from '../../support/legal-facts.ts';

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
    [
      '有批文无供地，且超出批文：批少占多',
      { atoms: [part(800, { instruments: ['批1'] }), part(1200)], instruments: [approval] },
      'suspected-illegal:beyond-approval',
      'breach.beyond-approval',
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
