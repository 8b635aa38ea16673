import { expect, it } from 'vitest';
import { CAUSES } from '../../../services/lifecycle/reasons.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { closingsOf, proposedCauses, tallyCauses } from '../../../services/people/causes.ts';
import { closingEvents } from '../../../services/store/closings.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const road =
  'warn acknowledge verify judge submit approve approve approve rectify-before-filing submit-closure resolve';

describeOnBothStores('Causes', (openFresh) => {
  it('are tallied of what is cleared, by district, and add up; undone and reopened ones are none', async () => {
    const store = await openFresh();
    const seeds = [
      ['430421', 'patrol-gap', 1000],
      ['430421', 'patrol-gap', 500],
      ['430421', 'approval-gap', 300],
      ['430422', 'project-urgency', 700],
      ['430422', 'approval-gap', 200],
      ['430422', 'approval-gap', 100],
    ] as const;
    const ids: string[] = [];
    for (const [district, cause, areaM2] of seeds) {
      const id = await plantPatch(store, { district, areaM2 });
      await takeSteps(store, id, road, { given: { cause } });
      ids.push(id);
    }
    const at = new Date('2025-07-03T00:00:00Z');
    await transition(store, { subject: 'patch', id: ids[4], action: 'undo', actor: 'li', at });
    const evidence = { evidence: ['later image'] };
    await transition(store, {
      subject: 'patch',
      id: ids[5],
      action: 'reopen',
      actor: 'li',
      reason: 'relapse',
      payload: evidence,
      at,
    });
    const tallies = tallyCauses(closingsOf(await closingEvents(store.db)));
    const counted = tallies.map(({ district, patches, areaM2, causes }) => [
      ...[district, patches, areaM2],
      Object.fromEntries(
        causes.filter((each) => each.patches > 0).map((each) => [each.cause, [each.patches, each.areaM2]]),
      ),
    ]);
    expect(counted).toEqual([
      ['430421', 3, 1800, { 'patrol-gap': [2, 1500], 'approval-gap': [1, 300] }],
      ['430422', 1, 700, { 'project-urgency': [1, 700] }],
    ]);
    for (const { patches, causes } of tallies)
      expect(causes.reduce((sum, each) => sum + each.patches, 0)).toBe(patches);
    expect(closingsOf(await closingEvents(store.db, '430422'))).toMatchObject([{ month: '2025-07', patchId: ids[3] }]);
  });
});

it('what was cleared before causes were asked for is said to be so', () => {
  const event = { id: 'e', subjectId: 'p', action: 'resolve', at: '2025-07-31T17:00:00Z', district: '4304', areaM2: 5 };
  const closings = closingsOf([{ ...event, payloadJson: '{}' }]);
  expect(closings).toMatchObject([{ cause: null, month: '2025-08' }]);
  expect(tallyCauses(closings)[0].causes.find(({ patches }) => patches > 0)?.cause).toBe('unsaid');
});

it.each([
  [{ patrol: 'no-patrol', opinionKind: null }, ['patrol-gap']],
  [{ patrol: 'not-reported', opinionKind: 'used-before-approval' }, ['project-urgency', 'patrol-gap']],
  [{ patrol: 'reported', opinionKind: 'beyond-approval' }, ['approval-gap']],
  [{ patrol: 'not-known', opinionKind: 'evidence-incomplete' }, []],
] as const)('from %o the causes %o are proposed', (facts, wanted) => {
  const proposed = proposedCauses(facts).map(({ cause }) => cause);
  expect(proposed).toEqual(wanted);
  expect(CAUSES.map(({ code }) => code)).toEqual(expect.arrayContaining(proposed));
});
