import { describe, expect, it } from 'vitest';
import { formOpinion } from '../../../services/legality/form-opinion.ts';
import { approval, bare, holds, pond, rules, unapproved, under } from '../../support/legal-cases.ts';
import { AFTER, allLayers, BEFORE, type FactsSeed, GROUND, part, patchFacts } from '../../support/legal-facts.ts';

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
      'a pond inside a red line that is out of date may be more than out of grain',
      only(
        { 'red-line': { completeTo: '2024-01-01' } },
        { ...pond, atoms: [part(2000, { layers: ['farmland', 'growth-boundary', 'land-use', 'red-line'] })] },
      ),
      incomplete,
      'doubt.evidence-incomplete',
    ],
    [
      'findings about the red line are not missed outside it',
      only({ 'red-line-findings': null, 'water-permits': null }, { atoms: [part(2000, GROUND.forest)] }),
      unapproved,
      'breach.used-before-approval',
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
