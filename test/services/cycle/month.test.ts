import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { closeMonth } from '../../../services/cycle/close.ts';
import { correctMonth } from '../../../services/cycle/correct.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { printedMonth, showMonth } from '../../../services/cycle/show.ts';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { closedMonth, monthTasks } from '../../../services/store/cycle-months.ts';
import type { Store } from '../../../services/store/open.ts';
import { findPatch } from '../../../services/store/patches.ts';
import { patchFacts } from '../../support/legal-facts.ts';
import { plantPieces } from '../../support/lineage.ts';
import { plantJudged } from '../../support/opinions.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { dumpOf } from '../../support/store-dump.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const JUNE = { month: '2025-06', actor: 'wang', at: new Date('2025-07-01T03:00:00Z') };
const JULY = { month: '2025-07', actor: 'wang', at: new Date('2025-08-05T03:00:00Z') };
const END = { ...JUNE, at: new Date('2025-07-31T03:00:00Z') };
const TO_REVIEWED = 'acknowledge verify judge submit approve approve approve';
const LATER = new Date('2025-07-21T01:00:00Z');
const TO_CLEARED = `${TO_REVIEWED} rectify-before-filing submit-closure resolve`;

/** June with tasks sent for patches planted in it. */
async function issuedJune(store: Store, patches: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < patches) ids.push(await plantPatch(store));
  await openMonth(store, JUNE);
  await issueMonth(store, JUNE);
  return ids;
}

describeOnBothStores('A month', (openFresh) => {
  it('is opened only when the month before is closed, or by force with a reason that stays on record', async () => {
    const store = await openFresh();
    await plantPatch(store);
    await openMonth(store, JUNE);
    await expect(openMonth(store, JULY)).rejects.toMatchObject({
      code: 'bad-input',
      details: { openBefore: '2025-06' },
    });
    await expect(openMonth(store, JULY, ' ')).rejects.toMatchObject({ code: 'bad-input' });
    const forced = await openMonth(store, JULY, 'flood');
    expect(forced).toMatchObject({ isNew: true, forced: { openBefore: '2025-06', reason: 'flood' } });
    expect(await openMonth(store, { ...JULY, actor: 'li' })).toEqual({ ...forced, isNew: false });
  });

  it('is sent down as numbered tasks, each with the opinion of its patch; what is in doubt goes out to be cleared up', async () => {
    const store = await openFresh();
    const judged = await plantJudged(store, patchFacts());
    const unjudged = await plantPatch(store);
    const dismissed = await plantPatch(store, { district: '430422' });
    await takeSteps(store, dismissed, 'dismiss');
    await openMonth(store, JUNE);
    expect(await issueMonth(store, JUNE)).toMatchObject({ sent: 2, inDoubt: 1, byOffice: { 430421: 2 } });
    const [first, second] = await monthTasks(store.db, '2025-06');
    expect(first).toMatchObject({ number: '430421202506T0001', patchId: judged.id, kind: 'task', patchVersion: 2 });
    expect(second).toMatchObject({ number: '430421202506T0002', patchId: unjudged, kind: 'in-doubt', opinionId: null });
    const warned = await findPatch(store.db, judged.id);
    expect(warned).toMatchObject({ state: 'warned', dueAt: first.dueAt });
    expect(JSON.parse(first.evidenceJson)).toMatchObject({
      beforeDate: '2025-05-20',
      opinion: { id: first.opinionId },
    });
    const event = await store.db
      .selectFrom('events')
      .selectAll()
      .where('action', '=', 'warn')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(event.payloadJson).note).toContain('430421202506T0001：疑似违法');
    expect((await findPatch(store.db, dismissed))?.state).toBe('dismissed');
  });

  it('sends a refused task again under a new number, and nothing where nothing is left', async () => {
    const store = await openFresh();
    const [id] = await issuedJune(store, 1);
    expect(await issueMonth(store, JUNE)).toMatchObject({ sent: 0, rounds: [] });
    await takeSteps(store, id, 'refuse');
    expect(await issueMonth(store, { ...JUNE, at: new Date('2025-07-03T03:00:00Z') })).toMatchObject({
      sent: 1,
      rounds: [2],
    });
    expect((await monthTasks(store.db, '2025-06')).map(({ number }) => number)).toEqual([
      '430421202506T0001',
      '430421202506T0002',
    ]);
    expect((await showMonth(store, '2025-06', END.at)).now.whole.issued.count).toBe(1);
  });

  it('counts as issued what a person sent down alone, and no longer once that is taken back', async () => {
    const store = await openFresh();
    await issuedJune(store, 1);
    const byHand = await plantPatch(store, { areaM2: 500 });
    const waiting = await plantPatch(store);
    await takeSteps(store, byHand, 'warn');
    await takeSteps(store, waiting, 'warn');
    await transition(store, {
      ...{ subject: 'patch', id: waiting, action: 'undo', actor: 'li' },
      ...{ at: new Date('2025-07-02T02:00:00Z'), payload: { note: 'slip' } },
    });
    const { now } = await showMonth(store, '2025-06', LATER);
    expect(now.whole).toMatchObject({ issued: { count: 2 }, base: { count: 2 }, notIssued: { pending: 1 } });
    expect(now.checks.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('cannot be closed before its tasks are sent; once closed it is the same for ever, to the byte', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await expect(closeMonth(store, END)).rejects.toThrow('it is not open');
    await openMonth(store, JUNE);
    await expect(closeMonth(store, END)).rejects.toThrow('none have been');
    await expect(printedMonth(store, '2025-06')).rejects.toMatchObject({ code: 'not-found' });
    await issueMonth(store, JUNE);
    const { sha256 } = await closeMonth(store, END);
    const printed = await printedMonth(store, '2025-06');
    await takeSteps(store, id, TO_CLEARED, { at: JULY.at });
    expect(await closeMonth(store, { ...END, actor: 'li' })).toMatchObject({ isNew: false, sha256 });
    await expect(issueMonth(store, JUNE)).rejects.toThrow('is closed');
    expect(await printedMonth(store, '2025-06')).toEqual(printed);
    for (const change of [
      sql`update closed_months set json = '{}'`,
      sql`delete from closed_months`,
      sql`update month_tasks set kind = 'task'`,
      sql`delete from month_steps`,
    ]) {
      await expect(change.execute(store.db)).rejects.toThrow('append-only');
    }
  });

  it('counts as rectified what has nothing left and passed the closure review, by the exact ways', async () => {
    const store = await openFresh();
    const remedies = [
      { demolishedM2: 800 },
      { demolishedM2: 300, regularisedM2: 500 },
      { demolishedM2: 300, regularisedM2: 300 },
      { confiscatedM2: 800 },
    ];
    const ids = await issuedJune(store, 4);
    for (const [i, remedy] of remedies.entries()) {
      await takeSteps(store, ids[i], TO_REVIEWED);
      await takeSteps(store, ids[i], 'rectify-before-filing');
      await remedied(store, ids[i], remedy);
      // The last stays under review: not rectified, though nothing is left.
      if (i < 3) await takeSteps(store, ids[i], 'resolve', { at: LATER });
    }
    const { figures } = (await closeMonth(store, END)).record;
    expect(figures.whole).toMatchObject({
      violations: { count: 4, areaM2: 3200 },
      rectified: { count: 2, areaM2: 1600 },
      notRectified: { count: 2, areaM2: 1600 },
      ways: { demolishedM2: 1100, regularisedM2: 500, confiscatedM2: 0 },
    });
    expect(figures.whole.combinations['拆除复耕']).toEqual({ count: 1, areaM2: 800 });
    expect(figures.whole.combinations['拆除复耕+补办']).toEqual({ count: 1, areaM2: 800 });
    expect(figures.differences).toMatchObject([{ what: 'resolved-with-remainder', differenceM2: 200 }]);
    expect(figures.checks.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('counts a split patch once in what was issued and its pieces in the base, and says where areas are lost', async () => {
    const store = await openFresh();
    const [id] = await issuedJune(store, 1);
    for (const areaM2 of [500.25, 299.75]) {
      await plantPieces(store, id, [await plantPatch(store, { areaM2 })]);
    }
    const { now } = await showMonth(store, '2025-06', END.at);
    expect(now.whole).toMatchObject({ rows: 3, issued: { count: 1, areaM2: 800 }, base: { count: 2, areaM2: 800 } });
    expect(now.differences).toEqual([]);
    await plantPieces(store, id, [await plantPatch(store, { areaM2: 10 })]);
    const lost = (await showMonth(store, '2025-06', END.at)).now;
    expect(lost.differences).toMatchObject([{ what: 'split-area', differenceM2: 10 }]);
    expect(lost.checks.filter(({ holds }) => !holds)).toMatchObject([{ id: 'area', difference: 10 }]);
  });

  it('remembers a return after resubmission, counts no return of the county itself, and none that was taken back', async () => {
    const store = await openFresh();
    const ids = await issuedJune(store, 3);
    await takeSteps(store, ids[0], 'acknowledge verify judge submit approve return judge submit approve');
    await takeSteps(store, ids[1], 'acknowledge verify judge submit return');
    await takeSteps(store, ids[2], 'acknowledge verify judge submit approve return');
    await transition(store, {
      subject: 'patch',
      id: ids[2],
      action: 'undo',
      actor: 'li',
      at: new Date('2025-07-02T08:00:00Z'),
      payload: { note: 'slip' },
    });
    const { whole } = (await showMonth(store, '2025-06', END.at)).now;
    expect(whole.errorRate).toMatchObject({ count: 1, of: 2 });
    expect(whole.reportedRate).toMatchObject({ count: 2, of: 3 });
    expect(whole.review).toMatchObject({ 'waiting-city': 2, returned: 0, 'not-reported': 1 });
  });

  it('tells the three rates by cases: filed by level, closed in time, handed over', async () => {
    const store = await openFresh();
    const ids = await issuedJune(store, 2);
    for (const id of ids) await takeSteps(store, id, TO_REVIEWED);
    const opening = { title: 'pit', district: '430421', actor: 'li', at: new Date('2025-07-02T01:00:00Z') };
    const { id: caseId } = await openCase(store, { ...opening, patchIds: [ids[0]] });
    await takeSteps(store, caseId, 'file hand-over decide', { subject: 'case', given: { level: 'city' } });
    await takeSteps(store, ids[0], 'put-in-case', { given: { caseId } });
    const { whole } = (await showMonth(store, '2025-06', END.at)).now;
    expect(whole.rates.filed).toMatchObject({ count: 1, of: 2, byLevel: { city: 1 } });
    expect(whole.rates.closedInTime).toMatchObject({ of: 0, rate: null, running: 1, cases: 1 });
    expect(whole.rates.handedOver).toMatchObject({ count: 1, of: 1, receipts: 0 });
    expect(whole.handedOver).toBe(1);
    const late = (await showMonth(store, '2025-06', new Date('2026-06-01T00:00:00Z'))).now.whole;
    expect(late.rates.closedInTime).toMatchObject({ count: 0, of: 1, openLate: 1 });
  });

  it('carries what is open into the next month, where each is ended, open, or sent down', async () => {
    const store = await openFresh();
    const [ended, open] = await issuedJune(store, 2);
    const unsent = await plantPatch(store);
    const back = await plantPatch(store);
    await takeSteps(store, back, 'dismiss');
    const june = (await closeMonth(store, END)).record;
    expect(june.carry.out.map(({ patchId }) => patchId)).toEqual([ended, open, unsent]);
    await takeSteps(store, ended, 'acknowledge verify close-false-change', { at: END.at });
    await takeSteps(store, back, 'reinstate', { at: END.at });
    await takeSteps(store, back, 'dismiss', { at: new Date('2025-07-31T05:00:00Z') });
    await plantPatch(store, { month: '2025-07' });
    await openMonth(store, JULY);
    expect(await issueMonth(store, JULY)).toMatchObject({ sent: 2 });
    await takeSteps(store, back, 'reinstate', { at: new Date('2025-08-05T08:00:00Z') });
    const { carry, figures } = (await closeMonth(store, { ...JULY, at: new Date('2025-08-31T03:00:00Z') })).record;
    expect(carry.became).toEqual({ ended: 1, open: 1, taken: 1, split: 0 });
    expect(carry.joined.map(({ patchId }) => patchId)).toEqual([back]);
    expect(carry.out).toHaveLength(4);
    expect(carry.checks.every(({ holds }) => holds)).toBe(true);
    expect(figures.whole.issued.count).toBe(2);
  });

  it('hands back three lists and an undertaking, weekly notices and fortnightly agendas', async () => {
    const store = await openFresh();
    const [breach, late] = await issuedJune(store, 2);
    await takeSteps(store, breach, `${TO_REVIEWED} rectify-before-filing`);
    const { returns, notices, meetings } = (await closeMonth(store, END)).record;
    expect(returns).toHaveLength(1);
    const [{ problems, responsibilities, measures, undertaking }] = returns;
    expect(problems.map(({ kind }) => kind)).toEqual(['violation', 'in-doubt']);
    expect(responsibilities).toHaveLength(2);
    expect(measures).toMatchObject([{ violationM2: 800, remainingM2: 800, rectified: false }]);
    expect(undertaking.text).toContain('剩余违法面积800平方米');
    expect(notices.map(({ from, to }) => `${from} ${to}`)).toEqual([
      '2025-07-01 2025-07-06',
      '2025-07-07 2025-07-13',
      '2025-07-14 2025-07-20',
      '2025-07-21 2025-07-27',
      '2025-07-28 2025-07-31',
    ]);
    const number = (await findPatch(store.db, late))!.number;
    // Sent on Tuesday, three working days: due on Friday, late in the week's notice.
    expect(notices[0].districts).toMatchObject([{ sent: 2, acknowledged: 1, reported: 1, open: 2, overdue: [number] }]);
    expect(meetings.map(({ day }) => day)).toEqual(['2025-07-13', '2025-07-27', '2025-07-31']);
    expect(meetings[0].agenda).toMatchObject([{ number, why: ['overdue', 'not-acknowledged'] }]);
  });

  it('is corrected by an entry: as reported and as now, while the closed record stays', async () => {
    const store = await openFresh();
    const [first, second] = await issuedJune(store, 2);
    await takeSteps(store, first, TO_REVIEWED);
    await takeSteps(store, second, TO_REVIEWED);
    await expect(correctMonth(store, { ...END, reason: 'x' })).rejects.toThrow('is not closed');
    const { sha256 } = await closeMonth(store, END);
    const stored = await closedMonth(store.db, '2025-06');
    const doing = { ...JUNE, at: JULY.at, reason: 'returned by the province' };
    await expect(correctMonth(store, doing)).rejects.toThrow('none is');
    await takeSteps(store, first, 'rejudge', { given: { judgement: 'lawful' }, at: JULY.at });
    await takeSteps(store, second, 'rejudge', { given: { judgement: 'lawful' }, at: JULY.at });
    const numbers = [(await findPatch(store.db, first))!.number];
    const entry = await correctMonth(store, doing, numbers);
    expect(entry.rows.map(({ number }) => number)).toEqual(numbers);
    expect(entry.figures).toContainEqual({
      district: '',
      figure: 'violations.count',
      asReported: 2,
      before: 2,
      asNow: 1,
    });
    const next = await correctMonth(store, doing);
    expect(next.figures).toContainEqual({
      district: '430421',
      figure: 'violations.count',
      asReported: 2,
      before: 1,
      asNow: 0,
    });
    const shown = await showMonth(store, '2025-06', JULY.at);
    expect(shown.reported).toMatchObject({ sha256, figures: { whole: { violations: { count: 2 } } } });
    expect(shown.corrected?.whole.violations.count).toBe(0);
    expect(shown.corrections.map(({ entry }) => entry)).toEqual([1, 2]);
    expect(await closedMonth(store.db, '2025-06')).toEqual(stored);
  });

  it('that was cut short while its tasks were sent goes on with the same numbers and times', async () => {
    const districts = ['430421', '430422', '430423'];
    const plant = async (store: Store) => {
      for (const district of districts) for (let i = 0; i < 2; i++) await plantPatch(store, { district });
      await openMonth(store, JUNE);
    };
    const [whole, cut] = [await openFresh(), await openFresh()];
    await plant(whole);
    await plant(cut);
    await issueMonth(whole, JUNE);
    await expect(issueMonth(failingAt(cut, 3), JUNE)).rejects.toThrow('killed');
    const sent = await monthTasks(cut.db, '2025-06');
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThan(6);
    await expect(closeMonth(cut, END)).rejects.toThrow('cut short');
    await issueMonth(cut, { ...JUNE, actor: 'li', at: new Date('2025-07-02T03:00:00Z') });
    expect(await dumpOf(cut, { withTimes: true })).toEqual(await dumpOf(whole, { withTimes: true }));
  });
});

/** Proposes closure with what was put right, as a person does. */
async function remedied(store: Store, id: string, remedy: object): Promise<void> {
  const at = new Date('2025-07-20T01:00:00Z');
  const payload = { evidence: ['photo-2'], remedy };
  await transition(store, { subject: 'patch', id, action: 'submit-closure', actor: 'li', at, payload });
}

/** The same store, whose n-th transaction is the last. */
function failingAt(store: Store, n: number): Store {
  let count = 0;
  const db = new Proxy(store.db, {
    get: (target, name) => {
      if (name === 'transaction' && ++count > n) throw new Error('killed');
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ...store, db };
}
