import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { splitPatch } from '../../../services/lineage/split.ts';
import { addDuties, type NewDuty } from '../../../services/people/add-duty.ts';
import { assign } from '../../../services/people/assign.ts';
import { handOver } from '../../../services/people/hand-over.ts';
import { heldBy } from '../../../services/people/held.ts';
import { responsibleFor } from '../../../services/people/responsible.ts';
import { undoHandOver } from '../../../services/people/undo-hand-over.ts';
import { listHandOvers } from '../../../services/store/duties.ts';
import { eventsOf } from '../../../services/store/events.ts';
import type { Store } from '../../../services/store/open.ts';
import { findPatch } from '../../../services/store/patches.ts';
import { plantGrids } from '../../support/grids.ts';
import { part, plantRectangle } from '../../support/lineage-ground.ts';
import { plantPatch } from '../../support/patches.ts';
import { dumpOf } from '../../support/store-dump.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const at = new Date('2025-07-02T01:00:00Z');
const later = (hours: number) => new Date(at.getTime() + hours * 3_600_000);
const entering = { actor: 'wang', at };
const leaving = { from: '张三', to: '李四', actor: 'wang', note: '调离', at };

async function give(store: Store, assignee: string, seed: Parameters<typeof plantPatch>[1] = {}): Promise<string> {
  const id = await plantPatch(store, seed);
  await assign(store, { subject: 'patch', id, assignee, actor: 'wang', at });
  return id;
}

/** By what somebody who asks would call it. */
async function held(store: Store, person: string, district = ''): Promise<string[]> {
  const { duties, assigned } = await heldBy(store.db, person, later(1), district);
  const named = duties.map(({ duty, grid, district: of, toDay }) => `${duty} ${grid ?? of} ${toDay ?? ''}`.trim());
  return [...named, ...assigned.map(({ subject, id }) => `${subject} ${id}`)].sort();
}

describeOnBothStores('Responsibility', (openFresh, { dialect }) => {
  it('shows the grid of a patch and who is responsible for it on any day', async () => {
    const store = await openFresh();
    await plantGrids(store, [
      { code: '430421101', chief: '镇田长', box: [112.4, 26.8, 112.6, 27] },
      { code: '430421101201', box: [112.45, 26.85, 112.55, 26.95] },
      { code: '430421102', box: [112.6, 26.8, 112.7, 27] },
    ]);
    const id = await plantPatch(store);
    await addDuties(
      store,
      [
        { person: '张三', duty: 'patroller', grid: '430421101201', from: '2025-01-01', to: '2025-06-30' },
        { person: '李四', duty: 'patroller', grid: '430421101201', from: '2025-07-01' },
      ],
      entering,
    );
    const on = async (day: string) => (await responsibleFor(store.db, id, new Date(`${day}T04:00:00Z`)))!;
    expect((await on('2025-06-05')).grids.map(({ code, share }) => [code, Math.round(share * 1e6) / 1e6])).toEqual([
      ['430421101', 1],
      ['430421101201', 1],
    ]);
    expect(await on('2025-06-05')).toMatchObject({
      ...{ grid: { level: 'town' }, patroller: { person: '张三' }, fieldChief: { person: '镇田长', by: 'layer' } },
    });
    expect(await on('2025-07-01')).toMatchObject({ patroller: { person: '李四' }, handler: null });
    await assign(store, { subject: 'patch', id, assignee: '王五', actor: 'wang', at });
    expect((await on('2025-07-01')).handler).toBeNull();
    expect((await on('2025-07-02')).handler).toMatchObject({ person: '王五', by: 'assigned' });
    // Before the layer's first day nobody knows the grid.
    expect(await on('2024-12-31')).toMatchObject({ grid: null, grids: [], fieldChief: null });
    expect(await responsibleFor(store.db, 'no-patch', at)).toBeNull();
  });

  it('is assigned as an event that keeps state and clock, and can be undone', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const before = await findPatch(store.db, id);
    await assign(store, { subject: 'patch', id, assignee: '张三', actor: 'wang', at });
    expect(await findPatch(store.db, id)).toMatchObject({ state: before!.state, dueAt: before!.dueAt, version: 2 });
    await assign(store, { subject: 'patch', id, assignee: '李四', actor: 'wang', at: later(1) });
    expect(await held(store, '张三')).toEqual([]);
    await transition(store, { subject: 'patch', id, action: 'undo', actor: 'wang', at: later(2) });
    expect(await held(store, '李四')).toEqual([]);
    expect(await held(store, '张三')).toEqual([`patch ${id}`]);
  });

  it('is entered once, and refused in one line, whole, where it is wrong', async () => {
    const store = await openFresh();
    const duty: NewDuty = { person: '张三', duty: 'handler', district: '430421' };
    expect(await addDuties(store, [duty, { ...duty, person: '李四' }], entering)).toBe(2);
    expect(await addDuties(store, [duty], entering)).toBe(0);
    for (const [wrong, message] of [
      [
        { grid: 'G9', district: undefined },
        /wanted the code of a grid of the layer grids; got 'G9', and no layer grids/,
      ],
      [{ grid: 'G9' }, /one of the two; got both/],
      [{ from: '2025-02-30' }, /wanted a day as YYYY-MM-DD; got '2025-02-30'/],
      [{ from: '2025-02-03', to: '2025-02-02' }, /wanted a last day on or after the first/],
      [{ duty: 'mayor' as never }, /wanted one of field-chief/],
    ] as const) {
      const fresh = { ...duty, person: '赵六' };
      await expect(addDuties(store, [fresh, { ...fresh, ...wrong } as NewDuty], entering)).rejects.toThrow(message);
    }
    expect(await held(store, '赵六')).toEqual([]);
  });

  it('goes over in one move: duties, patches and cases, by district, what is ended or larger stays', async () => {
    const store = await openFresh();
    const [mine, ended] = [await give(store, '张三'), await give(store, '张三')];
    const elsewhere = await give(store, '张三', { district: '500101' });
    await transition(store, { subject: 'patch', id: ended, action: 'dismiss', actor: 'li', reason: 'cloud', at });
    const law = await openCase(store, { title: '甲案', district: '430421', patchIds: [mine], actor: 'li', at });
    await assign(store, { subject: 'case', id: law.id, assignee: '张三', actor: 'wang', at });
    const duty = { person: '张三', duty: 'field-chief' as const, from: '2025-01-01' };
    await addDuties(
      store,
      [
        { ...duty, district: '430421101' },
        { ...duty, district: '43' },
      ],
      entering,
    );
    const moved = await handOver(store, { ...leaving, district: '430421' });
    expect(moved).toMatchObject({
      ...{ patches: [{ id: mine }], cases: [{ id: law.id, title: '甲案' }] },
      ...{ duties: [{ duty: { district: '430421101' } }], kept: [{ district: '43' }] },
    });
    expect(await held(store, '张三')).toEqual(['field-chief 43', `patch ${elsewhere}`]);
    expect(await held(store, '李四')).toEqual([`case ${law.id}`, 'field-chief 430421101', `patch ${mine}`]);
    // Who was responsible yesterday still was.
    const chief = async (day: string) =>
      (await responsibleFor(store.db, { ...(await ground(store, mine)), district: '430421101' }, new Date(day)))!;
    expect((await chief('2025-07-01T12:00:00Z')).fieldChief?.person).toBe('张三');
    expect((await chief('2025-07-02T12:00:00Z')).fieldChief?.person).toBe('李四');
    const [event] = (await eventsOf(store.db, 'patch', mine)).slice(-1);
    expect(JSON.parse(event.payloadJson)).toMatchObject({ assignee: '李四', from: '张三', handOver: moved.id });
  });

  it('takes the pieces of a split patch along', async () => {
    const store = await openFresh();
    const whole = await plantRectangle(store, [0, 0, 9, 5]);
    await assign(store, { subject: 'patch', id: whole, assignee: '张三', actor: 'wang', at });
    const deed = { actor: 'li', reason: 'two owners', at: later(1) };
    const parts = [part(0, 0, 2, 5), part(2, 0, 7, 5)];
    const { pieces } = await splitPatch(store, { ...deed, patch: whole, by: { parts } });
    const ids = pieces.map(({ id }) => id);
    expect(await held(store, '张三')).toEqual(ids.map((id) => `patch ${id}`).sort());
    expect((await responsibleFor(store.db, ids[0], later(2)))?.handler?.person).toBe('张三');
    expect((await handOver(store, { ...leaving, at: later(2) })).patches.map(({ id }) => id)).toEqual(ids);
    expect(await held(store, '张三')).toEqual([]);
  });

  it('asked for again moves nothing; it needs two persons and a note', async () => {
    const store = await openFresh();
    await give(store, '张三');
    await handOver(store, leaving);
    const before = await dumpOf(store);
    expect(await handOver(store, { ...leaving, at: later(1) })).toMatchObject({ id: null, patches: [], duties: [] });
    expect(await dumpOf(store)).toEqual(before);
    await expect(handOver(store, { ...leaving, to: ' 张三' })).rejects.toThrow(/two persons; got 张三 twice/);
    await expect(handOver(store, { ...leaving, note: ' ' })).rejects.toThrow(/needs a note/);
  });

  it('is taken back within the window by who made it, but for what was moved on since', async () => {
    const store = await openFresh();
    const [first, second] = [await give(store, '张三'), await give(store, '张三')];
    await addDuties(store, [{ person: '张三', duty: 'handler', district: '430421', from: '2025-01-01' }], entering);
    const before = await held(store, '张三');
    const { id } = await handOver(store, leaving);
    await assign(store, { subject: 'patch', id: second, assignee: '王五', actor: 'wang', at: later(1) });
    const order = { actor: 'wang', note: '误交', at: later(2) };
    await expect(undoHandOver(store, id!, { ...order, actor: 'zhao' })).rejects.toThrow(/made by wang, who alone/);
    await expect(undoHandOver(store, id!, { ...order, at: later(1000) })).rejects.toThrow(
      /its window of \d+ hours ended/,
    );
    const taken = await undoHandOver(store, id!, order);
    expect(taken.back).toMatchObject({ patches: [{ id: first }], duties: [{}] });
    expect(taken.stays).toMatchObject({ patches: [{ id: second }], duties: [] });
    expect(await held(store, '张三')).toEqual(before.filter((each) => each !== `patch ${second}`));
    expect(await held(store, '李四')).toEqual([]);
    await expect(undoHandOver(store, id!, order)).rejects.toThrow(/was taken back by wang/);
    // What was taken back can be handed over once more.
    expect((await handOver(store, { ...leaving, at: later(3) })).patches).toHaveLength(1);
    expect(await listHandOvers(store.db)).toHaveLength(3);
  });

  it('over random histories leaves nothing with the one and everything with the other, and comes back exactly', async () => {
    const persons = ['张三', '李四', '王五'];
    const districts = ['430421', '430421101', '430422', '50'];
    const person = fc.constantFrom(...persons);
    const duty = fc.record({
      person,
      duty: fc.constantFrom('field-chief' as const, 'patroller' as const, 'handler' as const),
      district: fc.constantFrom(...districts),
      from: fc.constantFrom('2025-01-01', '2025-07-02', '2025-09-01'),
    });
    const history = fc.record({
      duties: fc.array(duty, { maxLength: 6 }),
      given: fc.array(fc.tuple(person, fc.constantFrom('430421', '430422')), { maxLength: 5 }),
      within: fc.constantFrom('', '430421', '4304'),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ duties, given, within }) => {
        const store = await openFresh();
        await addDuties(store, duties, entering);
        for (const [assignee, district] of given) await give(store, assignee, { district });
        const all = async () => Promise.all(persons.map((each) => held(store, each)));
        const before = await all();
        const inside = await held(store, '张三', within);
        const { id } = await handOver(store, { ...leaving, district: within });
        const [left, taken, third] = await all();
        expect(await held(store, '张三', within)).toEqual([]);
        expect(taken).toEqual([...before[1], ...inside].sort());
        expect([...left, ...taken].sort()).toEqual([...before[0], ...before[1]].sort());
        expect(third).toEqual(before[2]);
        expect(id === null).toBe(inside.length === 0);
        if (id === null) return;
        await undoHandOver(store, id, { actor: 'wang', note: '误交', at: later(1) });
        expect(await all()).toEqual(before);
      }),
      { seed: 51, numRuns: dialect === 'sqlite' ? 30 : 5 },
    );
  });
});

async function ground(store: Store, id: string) {
  const patch = (await findPatch(store.db, id))!;
  const { geometryJson } = await store.db
    .selectFrom('detections')
    .select('geometryJson')
    .where('id', '=', patch.detectionId)
    .executeTakeFirstOrThrow();
  return { id, district: patch.district, geometryJson };
}
