import { expect, it } from 'vitest';
import { listDeadlines } from '../../../services/deadlines/list.ts';
import { applyRecount, showRecount } from '../../../services/deadlines/recount.ts';
import { standardRules } from '../../../services/lifecycle/deadline-rules.ts';
import { project } from '../../../services/lifecycle/projection.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { addCalendarYear, addDeadlineRules } from '../../../services/store/deadline-data.ts';
import { eventsOf } from '../../../services/store/events.ts';
import type { Store } from '../../../services/store/open.ts';
import { findPatch } from '../../../services/store/patches.ts';
import { year2099 } from '../../support/calendar-years.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const eve = new Date('2099-09-30T02:00:00Z'); // a Wednesday before the holidays
const at = (local: string) => new Date(`${local}+08:00`);

async function arrive(store: Store): Promise<void> {
  const { year, source } = year2099;
  const days = { holidaysJson: JSON.stringify(year2099.holidays), makeUpDaysJson: JSON.stringify(year2099.makeUpDays) };
  await addCalendarYear(store.db, { year, source, ...days, enteredAt: eve.toISOString() });
}

async function dueAt(store: Store, id: string): Promise<string | null | undefined> {
  return (await findPatch(store.db, id))?.dueAt;
}

describeOnBothStores('deadlines of a workspace', (openFresh) => {
  it('are counted by its calendar once it has the year', async () => {
    const store = await openFresh();
    await arrive(store);
    const id = await plantPatch(store, { foundAt: at('2099-09-29T10:00') });
    const moved = await takeSteps(store, id, 'warn', { at: eve });
    // Three working days: Monday the 12th to Wednesday the 14th.
    expect(moved.dueAt).toBe('2099-10-14T15:59:59.999Z');
    const events = await eventsOf(store.db, 'patch', id);
    expect(JSON.parse(events[1].payloadJson).due).toMatchObject({ holidaysKnown: true });
    expect(JSON.parse(events[1].payloadJson).due.calendar).toMatch(/2099@/);
  });

  it('would move when the year arrives: shown, and moved only by a person', async () => {
    const store = await openFresh();
    const counted = await plantPatch(store, { foundAt: at('2099-09-29T10:00') });
    const [stopped, ordered] = [await plantPatch(store), await plantPatch(store)];
    for (const id of [counted, stopped]) await takeSteps(store, id, 'warn', { at: eve });
    await takeSteps(store, stopped, 'pause', { at: new Date(eve.getTime() + 1) });
    const payload = { note: 'urgent', dueDate: '2099-10-05' };
    await transition(store, { subject: 'patch', id: ordered, action: 'warn', actor: 'li', at: eve, payload });
    const now = at('2099-10-01T09:00');
    expect(await showRecount(store, { at: now })).toMatchObject({ moves: [], unknown: 1 });
    await arrive(store);
    const { moves, unknown } = await showRecount(store, { at: now });
    expect(unknown).toBe(0);
    expect(moves).toMatchObject([
      { id: counted, from: '2099-10-05T15:59:59.999Z', to: '2099-10-14T15:59:59.999Z', wasKnown: false, known: true },
    ]);
    expect(await dueAt(store, counted)).toBe('2099-10-05T15:59:59.999Z');

    await applyRecount(store, moves, { actor: 'chief', note: 'file of 2099', at: now });
    expect(await dueAt(store, counted)).toBe('2099-10-14T15:59:59.999Z');
    const event = (await eventsOf(store.db, 'patch', counted)).at(-1)!;
    expect(event).toMatchObject({ action: 'recount', actor: 'chief', fromState: 'warned', toState: 'warned' });
    expect((await showRecount(store, { at: now })).moves).toEqual([]);
    // What was stopped is moved once it runs again, by the days it stood still.
    await takeSteps(store, stopped, 'resume', { at: at('2099-10-02T09:00') });
    const again = await showRecount(store, { at: at('2099-10-02T10:00') });
    expect(again.moves).toMatchObject([
      { id: stopped, from: '2099-10-07T15:59:59.999Z', to: '2099-10-16T15:59:59.999Z' },
    ]);
  });

  it('recounted from a version that somebody moved on since moves none of them', async () => {
    const store = await openFresh();
    const ids = [await plantPatch(store), await plantPatch(store)];
    for (const id of ids) await takeSteps(store, id, 'warn', { at: eve });
    await arrive(store);
    const { moves } = await showRecount(store, { at: eve });
    await takeSteps(store, ids[1], 'acknowledge', { at: eve });
    const applied = applyRecount(store, moves, { actor: 'chief', note: 'file', at: eve });
    await expect(applied).rejects.toMatchObject({ code: 'version-conflict' });
    expect(await dueAt(store, ids[0])).toBe('2099-10-05T15:59:59.999Z');
  });

  it('are listed by urgency with counts by district, at any past moment', async () => {
    const store = await openFresh();
    const foundAt = at('2025-07-01T10:00'); // due on the 8th
    const late = await plantPatch(store, { foundAt });
    const done = await plantPatch(store, { foundAt });
    const other = await plantPatch(store, { foundAt: at('2025-07-10T10:00'), district: '430407' });
    await takeSteps(store, done, 'dismiss', { at: at('2025-07-11T10:00') });
    await takeSteps(store, late, 'request-extension', { at: at('2025-07-12T10:00') });
    const list = (when: string, more = {}) => listDeadlines(store, { at: at(when), ...more });
    const now = await list('2025-07-16T10:00');
    expect(now.entries.map(({ id, grade, extensionAsked }) => ({ id, grade, extensionAsked }))).toEqual([
      { id: late, grade: 'supervise', extensionAsked: true },
      { id: other, grade: 'due-soon', extensionAsked: false },
    ]);
    const then = await list('2025-07-09T10:00');
    expect(then.entries.map(({ id, grade }) => [id, grade])).toEqual([
      [late, 'overdue'],
      [done, 'overdue'],
    ]);
    expect(now.districts).toMatchObject([
      { district: '430407', grades: { 'due-soon': 1, supervise: 0 } },
      { district: '430421', grades: { 'due-soon': 0, supervise: 1 } },
    ]);
    expect((await list('2025-07-16T10:00', { district: '430421' })).entries).toHaveLength(1);
    expect((await list('2025-07-16T10:00', { grades: ['interview'] })).entries).toEqual([]);
  });

  it('follow the rules that were entered last', async () => {
    const store = await openFresh();
    await plantPatch(store, { foundAt: at('2025-07-01T10:00') });
    const rules = { ...standardRules, edition: 'strict', superviseAfterWorkingDays: 0, interviewAfterWorkingDays: 1 };
    await addDeadlineRules(store.db, { rulesJson: JSON.stringify(rules), source: 'x', enteredAt: eve.toISOString() });
    const { entries } = await listDeadlines(store, { at: at('2025-07-10T10:00') });
    expect(entries).toMatchObject([{ grade: 'interview', since: '2025-07-09T15:59:59.999Z' }]);
  });

  it('are extended at most as often as the rules say', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const asked = await takeSteps(store, id, 'request-extension approve-extension request-extension approve-extension');
    // The 8th and twice five working days.
    expect(asked.dueAt).toBe('2025-07-22T15:59:59.999Z');
    await expect(takeSteps(store, id, 'request-extension')).rejects.toMatchObject({ code: 'illegal-transition' });
  });

  it('asked to be extended: refused leaves the date, and one’s own request is not one’s own to approve', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await takeSteps(store, id, 'request-extension');
    const own = transition(store, { subject: 'patch', id, action: 'approve-extension', actor: 'li', at: eve });
    await expect(own).rejects.toMatchObject({ code: 'forbidden' });
    expect((await takeSteps(store, id, 'refuse-extension')).dueAt).toBe('2025-07-08T15:59:59.999Z');
    expect(project(await eventsOf(store.db, 'patch', id))?.request).toBeNull();
  });
});
