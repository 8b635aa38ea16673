import { expect, it } from 'vitest';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { project } from '../../../services/lifecycle/projection.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { gaugeRows } from '../../../services/store/gauge-rows.ts';
import { countMonth } from '../../../services/store/month-figures.ts';
import type { Store } from '../../../services/store/open.ts';
import { lastReasons } from '../../../services/store/patch-exports.ts';
import { findPatch } from '../../../services/store/patches.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const AT = new Date('2025-07-02T01:00:00Z');
const later = (hours: number) => new Date(AT.getTime() + hours * 3_600_000);

function undo(store: Store, id: string, at = later(1), actor = 'li', subject: 'patch' | 'case' = 'patch') {
  return transition(store, { subject, id, action: 'undo', actor, at });
}

describeOnBothStores('undo', (openFresh) => {
  it('brings back state, due date and stop as they were, as a new event', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await takeSteps(store, id, 'warn pause', { at: AT });
    const before = await findPatch(store.db, id);
    const stopped = project(await eventsOf(store.db, 'patch', id))!.stopped;
    await takeSteps(store, id, 'resume', { at: later(50) });
    const moved = await undo(store, id, later(60));
    expect(moved).toEqual({ state: 'warned', version: 5, dueAt: null });
    const events = await eventsOf(store.db, 'patch', id);
    expect(events.at(-1)).toMatchObject({ action: 'undo', fromState: 'warned', toState: 'warned', actor: 'li' });
    expect(JSON.parse(events.at(-1)!.payloadJson)).toMatchObject({ undoes: events[3].id, undone: 'resume' });
    expect(project(events)!.stopped).toEqual(stopped);
    expect(await findPatch(store.db, id)).toMatchObject({ state: before!.state, dueAt: before!.dueAt, version: 5 });
  });

  it('takes a judgement and a sending back out of the figures', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const counts = async () => {
      const states = { open: ['found', 'warned'], resolved: ['resolved'], dismissed: ['dismissed'] };
      const [row] = await countMonth(store.db, '2025-06', '', states, AT);
      const filter = { from: '2025-06', to: '2025-06', district: '', constructionTypes: [] };
      const [gauge] = await gaugeRows(store.db, filter);
      return { warned: Number(row.warned), opinion: gauge.opinion };
    };
    await takeSteps(store, id, 'warn', { at: AT });
    expect(await counts()).toEqual({ warned: 1, opinion: null });
    await undo(store, id);
    expect(await counts()).toEqual({ warned: 0, opinion: null });
    await takeSteps(store, id, 'warn acknowledge verify judge', { at: later(2) });
    expect(await counts()).toEqual({ warned: 1, opinion: 'illegal-construction' });
    await undo(store, id, later(6));
    expect(await counts()).toEqual({ warned: 1, opinion: null });
  });

  it('leaves the reason that was given before, and an extension’s reason is none of the patch', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const reason = async () => (await lastReasons(store.db, [id])).get(id)?.reason;
    await takeSteps(store, id, 'warn refuse', { at: AT });
    expect(await reason()).toBe('wrong-district');
    await takeSteps(store, id, 'request-extension', { at: later(2) });
    expect(await reason()).toBe('wrong-district');
    await takeSteps(store, id, 'dismiss', { at: later(3) });
    expect(await reason()).toBe('season');
    await undo(store, id, later(4));
    expect(await reason()).toBe('wrong-district');
  });

  it.each([
    ['by somebody else', 2, 'wang', 'it was taken by li, who alone may undo it'],
    ['after its window', 25, 'li', 'its window of 24 hours ended at 2025-07-03T01:00:00.000Z'],
  ])('%s is refused, with what is possible', async (_, hours, actor, said) => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await takeSteps(store, id, 'warn', { at: AT });
    const refused = await undo(store, id, later(hours), actor).catch((error) => error);
    expect(refused).toMatchObject({ code: 'illegal-transition', details: { state: 'warned', version: 2 } });
    expect(refused.message).toContain(said);
    expect(refused.details.allowed).toContain('acknowledge');
    expect(await eventsOf(store.db, 'patch', id)).toHaveLength(2);
  });

  it('of a system step, of an opening and of an undo is refused', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await expect(undo(store, id, AT, 'run')).rejects.toThrow('find was taken by the product');
    const opening = { title: 'Quarry', district: '430421', actor: 'li', at: AT, patchIds: [id] };
    const { id: caseId } = await openCase(store, opening);
    await expect(undo(store, caseId, AT, 'li', 'case')).rejects.toThrow('it opened the record');
    await takeSteps(store, caseId, 'file', { subject: 'case', at: AT });
    expect(await undo(store, caseId, AT, 'li', 'case')).toMatchObject({ state: 'clue' });
    await expect(undo(store, caseId, AT, 'li', 'case')).rejects.toThrow('it is an undo itself');
  });

  it('of a sent task, and of what a closed month counted, is refused', async () => {
    const store = await openFresh();
    const [sent, counted] = [await plantPatch(store), await plantPatch(store)];
    for (const id of [sent, counted]) await takeSteps(store, id, 'warn', { at: AT });
    const task = { number: '430421202506T0001', month: '2025-06', office: '430421', seq: 1, round: 1 };
    const facts = { district: '430421', patchId: sent, patchVersion: 2, kind: 'task' as const, opinionId: null };
    const times = { evidenceJson: '{}', dueAt: AT.toISOString(), issuedAt: AT.toISOString(), issuedBy: 'li' };
    await store.db
      .insertInto('month_tasks')
      .values({ ...task, ...facts, ...times })
      .execute();
    await expect(undo(store, sent)).rejects.toThrow('it sent out the task 430421202506T0001');
    const closing = { month: '2025-06', closedAt: later(1).toISOString(), closedBy: 'li' };
    const papers = { json: '{}', sha256: 'x', text: '', textSha256: 'x' };
    await store.db
      .insertInto('closed_months')
      .values({ ...closing, ...papers })
      .execute();
    await expect(undo(store, counted, later(2))).rejects.toThrow('the month 2025-06 was closed since');
    await takeSteps(store, counted, 'acknowledge', { at: later(3) });
    expect(await undo(store, counted, later(4))).toMatchObject({ state: 'warned' });
  });
});
