import { expect, it } from 'vitest';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { showMonth } from '../../../services/cycle/show.ts';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { lineageOf } from '../../../services/lineage/lineage-of.ts';
import { mergePatches } from '../../../services/lineage/merge.ts';
import { geometryOfPatch } from '../../../services/lineage/outline.ts';
import { splitPatch } from '../../../services/lineage/split.ts';
import { undoLineage } from '../../../services/lineage/take-back.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { listPatches } from '../../../services/queue/list.ts';
import type { Store } from '../../../services/store/open.ts';
import { fromGeoJson } from '../../../services/zones/geometry/wkb.ts';
import { prepareShape } from '../../../services/zones/overlay/shape-patch.ts';
import { line, part, plantRectangle } from '../../support/lineage-ground.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const deed = { actor: 'li', reason: 'two owners', at: new Date('2025-07-03T02:00:00Z') };
const hour = (n: number) => ({ ...deed, at: new Date(deed.at.getTime() + n * 3_600_000) });
const TO_JUDGED = 'warn acknowledge verify judge';
const hundredths = (areas: number[]) => areas.reduce((sum, area) => sum + Math.round(area * 100), 0);

const rowsOf = (store: Store, ids: string[]) =>
  store.db.selectFrom('patches').selectAll().where('id', 'in', ids).orderBy('number').execute();

describeOnBothStores('A split', (openFresh) => {
  it('makes pieces with numbers, outlines and areas of their own that add up to the hundredth', async () => {
    const store = await openFresh();
    const id = await plantRectangle(store, [0, 0, 9, 5]);
    const parts = [part(0, 0, 2, 5), part(2, 0, 3, 5), part(5, 0, 4, 5)];
    const { pieces, parent } = await splitPatch(store, { ...deed, patch: id, by: { parts } });
    expect(pieces.map(({ number }) => number)).toEqual(['4304212025060002', '4304212025060003', '4304212025060004']);
    expect(hundredths(pieces.map(({ areaM2 }) => areaM2))).toBe(Math.round(parent.areaM2 * 100));
    for (const [i, { id, areaM2 }] of pieces.entries()) {
      const drawn = prepareShape(parts[i]).totalM2;
      expect(areaM2).toBeCloseTo(drawn, 1);
      expect(prepareShape(fromGeoJson(await geometryOfPatch(store.db, id))).totalM2).toBeCloseTo(drawn, 1);
    }
    const [row] = await rowsOf(store, [id]);
    expect([row.state, row.dueAt]).toEqual(['split', null]);
    expect((await verifyAudit(store)).ok).toBe(true);
  });

  it('hands state, due date, judgement, cases and what was measured down to the pieces', async () => {
    const store = await openFresh();
    const id = await plantRectangle(store, [0, 0, 10, 4]);
    await takeSteps(store, id, TO_JUDGED, { given: { judgement: 'non-grain' } });
    await transition(store, {
      subject: 'patch',
      id,
      action: 'submit',
      actor: 'li',
      at: hour(-9).at,
      payload: { violationM2: 100 },
    });
    const opening = { title: 'pit', district: '430421', actor: 'li', at: hour(-8).at, patchIds: [id] };
    const { id: caseId } = await openCase(store, opening);
    const before = await patchDetail(store, id);
    const { pieces } = await splitPatch(store, { ...deed, patch: id, by: { lines: [line([5, -1], [5, 6])] } });
    const details = await Promise.all(pieces.map((piece) => patchDetail(store, piece.id)));
    for (const { patch, judgement, cases, history } of details) {
      expect([patch.state, patch.dueAt, judgement]).toEqual(['county-review', before.patch.dueAt, 'non-grain']);
      expect(cases.map((one) => one.id)).toEqual([caseId]);
      expect(history.map(({ action }) => action)).toEqual(['succeed']);
    }
    expect(details.map(({ history }) => history[0].payload['violationM2'])).toEqual([50, 50]);
    await takeSteps(store, pieces[0].id, 'approve', { at: hour(1).at });
    expect((await patchDetail(store, pieces[1].id)).patch.state).toBe('county-review');
  });

  it('is counted once in what was issued, and lists show the pieces in its place', async () => {
    const store = await openFresh();
    const id = await plantRectangle(store, [0, 0, 10, 4]);
    const month = { month: '2025-06', actor: 'wang', at: hour(-5).at };
    await openMonth(store, month, 'forced');
    await issueMonth(store, month);
    const { pieces } = await splitPatch(store, { ...deed, patch: id, by: { lines: [line([3, -1], [6, 6])] } });
    const { now } = await showMonth(store, '2025-06', hour(1).at);
    expect(now.whole).toMatchObject({ rows: 3, issued: { count: 1 }, base: { count: 2 }, outcomes: { open: 2 } });
    expect(now.checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(now.differences).toEqual([]);
    const listed = await listPatches(store, { month: '2025-06' }, { limit: 10, at: deed.at });
    expect(listed.patches.map((patch) => patch.id).sort()).toEqual(pieces.map((piece) => piece.id).sort());
    const asked = await listPatches(store, { states: ['split'] }, { limit: 10, at: deed.at });
    expect(asked.patches.map((patch) => patch.id)).toEqual([id]);
  });

  it('is refused where the parts leave out or share more than is made good, and says how much', async () => {
    const store = await openFresh();
    const id = await plantRectangle(store, [0, 0, 10, 5]);
    const gap = [part(0, 0, 4, 5), part(5, 0, 5, 5)];
    const overlap = [part(0, 0, 6, 5), part(5, 0, 5, 5)];
    const cut = (parts: ReturnType<typeof part>[]) => splitPatch(store, { ...deed, patch: id, by: { parts } });
    await expect(cut(gap)).rejects.toThrow(
      /cover it once.*5[45]\d\.\d\d m² of it are in no part and 0\.00 m² in several/,
    );
    await expect(cut(overlap)).rejects.toThrow(/0\.00 m² of it are in no part and 5[45]\d\.\d\d m² in several/);
    const beside = { lines: [line([12, 0], [12, 5])] };
    await expect(splitPatch(store, { ...deed, patch: id, by: beside })).rejects.toThrow(/cuts nothing off/);
    expect((await rowsOf(store, [id]))[0]).toMatchObject({ state: 'found', version: 1 });
    expect(await store.db.selectFrom('patches').selectAll().execute()).toHaveLength(1);
  });

  it('is no step that can be asked for by name, and one alone is not undone', async () => {
    const store = await openFresh();
    const id = await plantRectangle(store, [0, 0, 10, 5]);
    const step = { subject: 'patch', id, actor: 'li', at: deed.at, payload: { note: 'so' } } as const;
    for (const action of ['split', 'merge', 'succeed', 'withdraw']) {
      await expect(transition(store, { ...step, action })).rejects.toMatchObject({ code: 'illegal-transition' });
    }
    await splitPatch(store, { ...deed, patch: id, by: { parts: [part(0, 0, 4, 5)] } });
    await expect(transition(store, { ...step, action: 'undo', at: hour(1).at })).rejects.toThrow(/tuban patches undo/);
  });
});

describeOnBothStores('A merge', (openFresh) => {
  const two = async (store: Store) => [
    await plantRectangle(store, [0, 0, 6, 5]),
    await plantRectangle(store, [6, 0, 4, 5]),
  ];

  it('adds areas up, keeps the earliest due date and counts its originals as issued', async () => {
    const store = await openFresh();
    const ids = await two(store);
    const month = { month: '2025-06', actor: 'wang', at: hour(-5).at };
    await openMonth(store, month, 'forced');
    await issueMonth(store, month);
    await takeSteps(store, ids[0], 'acknowledge', { at: hour(-3).at });
    await takeSteps(store, ids[1], 'acknowledge', { at: hour(-2 + 24).at });
    const before = await rowsOf(store, ids);
    const { merged, differenceM2 } = await mergePatches(store, {
      ...hour(30),
      patches: before.map((row) => row.number),
    });
    expect(hundredths([merged.areaM2])).toBe(hundredths(before.map(({ areaM2 }) => areaM2)));
    expect(Math.abs(differenceM2)).toBeLessThan(0.05);
    const [row] = await rowsOf(store, [merged.id]);
    expect([row.state, row.dueAt]).toEqual(['acknowledged', before.map(({ dueAt }) => dueAt).sort()[0]]);
    expect((await geometryOfPatch(store.db, merged.id)).type).toBe('Polygon');
    const { now } = await showMonth(store, '2025-06', hour(31).at);
    expect(now.whole).toMatchObject({ rows: 3, issued: { count: 2 }, base: { count: 1 } });
    expect(now.checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(now.differences).toEqual([]);
    expect((await lineageOf(store.db, merged.id)).patches.map(({ parents }) => parents.length)).toEqual([2, 0, 0]);
    expect((await verifyAudit(store)).ok).toBe(true);
  });

  it.each([
    ['district', { district: '430422' }, ''],
    ['month found', { month: '2025-05' }, ''],
    ['state', {}, 'warn'],
  ])('is refused of patches that differ in %s', async (what, seed, steps) => {
    const store = await openFresh();
    const ids = [await plantRectangle(store, [0, 0, 6, 5]), await plantRectangle(store, [6, 0, 4, 5], seed)];
    if (steps !== '') await takeSteps(store, ids[1], steps);
    await expect(mergePatches(store, { ...deed, patches: ids })).rejects.toThrow(`have one ${what}; got`);
  });

  it('is refused of outlines that overlap, saying by how much the areas would differ', async () => {
    const store = await openFresh();
    const ids = [await plantRectangle(store, [0, 0, 6, 5]), await plantRectangle(store, [4, 0, 4, 5])];
    await expect(mergePatches(store, { ...deed, patches: ids })).rejects.toThrow(/measures -1\d\d\d\.\d\d m² more/);
  });
});

describeOnBothStores('Taking back a split or merge', (openFresh) => {
  it('brings the parent back as it was and withdraws the pieces, and the figures know nothing of it', async () => {
    const store = await openFresh();
    const id = await plantRectangle(store, [0, 0, 10, 4]);
    const month = { month: '2025-06', actor: 'wang', at: hour(-5).at };
    await openMonth(store, month, 'forced');
    await issueMonth(store, month);
    const figures = async () => (await showMonth(store, '2025-06', hour(1).at)).now.whole;
    const [before, counted] = [(await rowsOf(store, [id]))[0], await figures()];
    const { pieces } = await splitPatch(store, { ...deed, patch: id, by: { parts: [part(0, 0, 4, 4)] } });
    await undoLineage(store, pieces[0].number, hour(1));
    const [after] = await rowsOf(store, [id]);
    expect([after.state, after.dueAt, after.version]).toEqual([before.state, before.dueAt, before.version + 2]);
    expect(
      (
        await rowsOf(
          store,
          pieces.map((piece) => piece.id),
        )
      ).map(({ state }) => state),
    ).toEqual(['withdrawn', 'withdrawn']);
    expect(await figures()).toEqual(counted);
    expect((await lineageOf(store.db, id)).patches.map(({ children }) => children)).toEqual([[], [], []]);
    // And cut again, with new numbers.
    const again = await splitPatch(store, { ...hour(2), patch: id, by: { parts: [part(0, 0, 5, 4)] } });
    expect(again.pieces.map(({ number }) => number)).toEqual(['4304212025060004', '4304212025060005']);
    expect((await verifyAudit(store)).ok).toBe(true);
  });

  it('is for who did it, in time, while nothing was done to what came of it', async () => {
    const store = await openFresh();
    const ids = [await plantRectangle(store, [0, 0, 6, 5]), await plantRectangle(store, [6, 0, 4, 5])];
    const { merged } = await mergePatches(store, { ...deed, patches: ids });
    await expect(undoLineage(store, merged.id, { ...hour(1), actor: 'wang' })).rejects.toThrow(/taken by li/);
    await expect(undoLineage(store, merged.id, hour(25))).rejects.toThrow(/window of 24 hours/);
    await takeSteps(store, merged.id, 'warn', { at: hour(1).at });
    await expect(undoLineage(store, merged.id, hour(2))).rejects.toThrow(/is warned/);
    expect((await rowsOf(store, ids)).map(({ state }) => state)).toEqual(['merged', 'merged']);
  });
});
