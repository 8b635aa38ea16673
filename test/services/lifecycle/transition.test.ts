import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { factsOf, project } from '../../../services/lifecycle/projection.ts';
import { type Move, transition } from '../../../services/lifecycle/transition.ts';
import type { Subject } from '../../../services/lifecycle/transition-row.ts';
import { allowedActions, stateOf, TRANSITIONS } from '../../../services/lifecycle/transitions.ts';
import { eventsOf } from '../../../services/store/events.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { completeMove, takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const AT = new Date('2025-07-02T01:00:00Z'); // a Wednesday
const toReview = 'warn acknowledge verify judge submit approve approve approve';

async function stored(store: Store, subject: Subject, id: string) {
  const table = subject === 'patch' ? 'patches' : 'cases';
  return store.db.selectFrom(table).selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

describeOnBothStores('transition', (openFresh) => {
  const warn = (id: string): Move => ({
    subject: 'patch',
    id,
    action: 'warn',
    actor: 'wang',
    payload: { note: 'go and see' },
    at: AT,
  });

  it('appends the event and moves state, version, due date and time of change together', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const moved = await transition(store, warn(id));
    // Three working days from Wednesday: Monday, the end of the local day.
    expect(moved).toEqual({ state: 'warned', version: 2, dueAt: '2025-07-07T15:59:59.999Z' });
    expect(await stored(store, 'patch', id)).toMatchObject({ ...moved, updatedAt: AT.toISOString() });
    const [, event] = await eventsOf(store.db, 'patch', id);
    expect(event).toMatchObject({
      action: 'warn',
      fromState: 'found',
      toState: 'warned',
      actor: 'wang',
      district: '430421',
    });
    expect(JSON.parse(event.payloadJson)).toMatchObject({
      note: 'go and see',
      due: { rule: { count: 3, unit: 'working-day' }, calendar: 'cn-state-council', holidaysKnown: true },
    });
  });

  it('of a patch or case that is not there is refused', async () => {
    const store = await openFresh();
    for (const subject of ['patch', 'case'] as const) {
      await expect(transition(store, { ...warn('nowhere'), subject })).rejects.toMatchObject({
        code: 'not-found',
        message: `There is no ${subject} nowhere.`,
      });
    }
  });

  it('that is not possible names those that are', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await expect(transition(store, { ...warn(id), action: 'resolve' })).rejects.toMatchObject({
      code: 'illegal-transition',
      message: `The patch ${id} is found (已发现), from where resolve is not possible; possible: dismiss, warn, field-report, assign, name-occupier, request-extension, extend, pause, note, supervise, interview.`,
      details: {
        state: 'found',
        version: 1,
        allowed: [
          ...['dismiss', 'warn', 'field-report', 'assign', 'name-occupier', 'request-extension', 'extend'],
          ...['pause', 'note', 'supervise', 'interview'],
        ],
      },
    });
  });

  it('from a version that is no longer current says who moved it last', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await transition(store, { ...warn(id), expectedVersion: 1 });
    await expect(transition(store, { ...warn(id), expectedVersion: 1 })).rejects.toMatchObject({
      code: 'version-conflict',
      message: `The patch ${id} is at version 2, not at 1: wang moved it to warned (已预警) at ${AT.toISOString()}.`,
      details: { version: 2, state: 'warned', updatedBy: 'wang', updatedAt: AT.toISOString() },
    });
  });

  it('asked for twice at once happens once', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const dismiss: Move = { ...warn(id), action: 'dismiss', reason: 'season', actor: 'li' };
    const results = await Promise.allSettled([
      transition(store, warn(id)),
      transition(store, dismiss),
      transition(store, warn(id)),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(['version-conflict', 'illegal-transition']).toContain(result.reason.code);
    }
    expect(await eventsOf(store.db, 'patch', id)).toHaveLength(2);
  });

  it('that lacks what it needs changes nothing', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await expect(transition(store, { ...warn(id), payload: {} })).rejects.toMatchObject({ code: 'bad-input' });
    expect(await stored(store, 'patch', id)).toMatchObject({ state: 'found', version: 1 });
    expect(await eventsOf(store.db, 'patch', id)).toHaveLength(1);
  });

  it('takes the due date that is ordered instead of the usual one', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const moved = await transition(store, { ...warn(id), payload: { note: 'urgent', dueDate: '2025-07-03' } });
    expect(moved.dueAt).toBe('2025-07-03T15:59:59.999Z');
  });

  it('that stops the clock sets the due date aside, and moves it on by the days it stood still', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await takeSteps(store, id, 'warn', { at: AT });
    expect((await takeSteps(store, id, 'pause', { at: new Date('2025-07-03T01:00:00Z') })).dueAt).toBeNull();
    expect((await takeSteps(store, id, 'supervise')).dueAt).toBeNull();
    const resumed = await takeSteps(store, id, 'resume', { at: new Date('2025-07-13T01:00:00Z') });
    expect(resumed).toEqual({ state: 'warned', version: 5, dueAt: '2025-07-17T15:59:59.999Z' });
    const extended = await takeSteps(store, id, 'extend', { given: { extension: { count: 1, unit: 'month' } } });
    expect(extended.dueAt).toBe('2025-08-17T15:59:59.999Z');
  });

  it('closes a patch judged lawful and lets none judged illegal be closed', async () => {
    const store = await openFresh();
    const [lawful, illegal] = [await plantPatch(store), await plantPatch(store)];
    await takeSteps(store, lawful, toReview, { given: { judgement: 'lawful' } });
    expect(await takeSteps(store, lawful, 'close')).toMatchObject({ state: 'closed', dueAt: null });
    await takeSteps(store, illegal, toReview);
    await expect(takeSteps(store, illegal, 'close')).rejects.toMatchObject({ code: 'illegal-transition' });
  });

  it('puts a patch only in an open case that covers it', async () => {
    const store = await openFresh();
    const [id, other] = [await plantPatch(store), await plantPatch(store)];
    await takeSteps(store, id, toReview);
    const opening = { title: 'Quarry road', district: '430421', actor: 'li', at: AT };
    const covering = await openCase(store, { ...opening, patchIds: [id, other] });
    const elsewhere = await openCase(store, { ...opening, patchIds: [other] });
    const put = (caseId: string) => takeSteps(store, id, 'put-in-case', { given: { caseId } });
    await expect(put('nowhere')).rejects.toThrow('there is no case nowhere');
    await expect(put(elsewhere.id)).rejects.toThrow(`The case ${elsewhere.id} does not cover the patch ${id}.`);
    await takeSteps(store, elsewhere.id, 'decline', { subject: 'case' });
    await expect(put(elsewhere.id)).rejects.toThrow(`the case ${elsewhere.id} is not-filed`);
    expect(await put(covering.id)).toMatchObject({ state: 'in-case' });
  });
});

describeOnBothStores('any sequence of steps', (openFresh, { dialect }) => {
  const anyStep = fc.record({
    pick: fc.nat(),
    // Mostly steps that lead on, or the walks would stay near the start.
    from: fc.constantFrom('moving', 'moving', 'moving', 'allowed', 'any'),
    complete: fc.constantFrom(true, true, true, false),
    hours: fc.integer({ min: 0, max: 200 }),
  });
  const roads = {
    patch: `${toReview} put-in-case start-rectifying submit-closure return-closure submit-closure resolve reopen`,
    case: 'file decide remind apply-for-enforcement perform',
  };
  const numRuns = dialect === 'sqlite' ? 60 : 12;

  it.each(['patch', 'case'] as const)('leaves a %s what its events say', { timeout: 15_000 }, async (subject) => {
    const store = await openFresh();
    const actions = [...new Set(TRANSITIONS[subject].map(({ action }) => action))];
    await fc.assert(
      fc.asyncProperty(fc.nat(15), fc.array(anyStep, { minLength: 10, maxLength: 30 }), async (start, steps) => {
        const patchId = await plantPatch(store);
        const { id: caseId } = await openCase(store, {
          title: patchId,
          district: '430421',
          patchIds: [patchId],
          actor: 'li',
          at: AT,
        });
        const id = subject === 'patch' ? patchId : caseId;
        const road = roads[subject].split(' ').slice(0, start);
        if (road.length > 0) await takeSteps(store, id, road.join(' '), { subject, given: { caseId } });
        let at = AT;
        for (const step of steps) {
          at = new Date(at.getTime() + step.hours * 3_600_000);
          const before = project(await eventsOf(store.db, subject, id))!;
          const allowed = allowedActions(subject, before.state, factsOf(before));
          const possible = allowed.filter(({ to }) => step.from === 'allowed' || to !== before.state);
          const isPossible = step.from !== 'any' && possible.length > 0;
          const action = isPossible
            ? possible[step.pick % possible.length].action
            : actions[step.pick % actions.length];
          const judgement = step.pick % 3 === 0 ? 'lawful' : 'non-grain';
          const complete = completeMove({ subject, id, action, at }, before.state, { caseId, judgement });
          const moved = await transition(store, step.complete ? complete : { ...complete, payload: {} }).catch(
            (error) => error.code,
          );

          const events = await eventsOf(store.db, subject, id);
          const after = project(events)!;
          expect(await stored(store, subject, id)).toMatchObject(subjectColumns(subject, after));
          expect(after.version).toBe(events.length);
          if (!allowed.some((row) => row.action === action)) expect(moved).toBe('illegal-transition');
          else if (step.complete)
            expect(moved).toEqual({ state: after.state, version: before.version + 1, dueAt: after.dueAt });
          if (typeof moved === 'string') expect(after).toEqual(before);
          const idle = stateOf(subject, after.state).outcome !== 'open' || after.stopped !== null;
          expect(after.dueAt === null).toBe(idle);
        }
      }),
      { numRuns },
    );
  });
});

function subjectColumns(
  subject: Subject,
  { state, version, dueAt, updatedAt }: { state: string; version: number; dueAt: string | null; updatedAt: string },
) {
  return subject === 'patch' ? { state, version, dueAt, updatedAt } : { state, version, updatedAt };
}
