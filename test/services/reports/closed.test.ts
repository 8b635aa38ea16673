import { expect, it } from 'vitest';
import { closeMonth } from '../../../services/cycle/close.ts';
import { correctMonth } from '../../../services/cycle/correct.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { periodOf, type ReportKind } from '../../../services/reports/period.ts';
import { REPORT_FORMATS, renderReport } from '../../../services/reports/render.ts';
import { drawReport, type Report } from '../../../services/reports/report.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const TO_CLOSURE = 'acknowledge verify judge submit approve approve approve rectify-before-filing submit-closure';
const first = new Date('2025-07-01T02:00:00Z');
const later = new Date('2026-03-01T02:00:00Z');

/** June 2025: a breach, two others, and one of a county of its own; closed on 28 July. */
async function closedJune(store: Store, month = '2025-06'): Promise<string[]> {
  const year = Number(month.slice(0, 4));
  const on = (day: number) => new Date(Date.UTC(year, 6, day, 2));
  const ids = [];
  for (const district of ['430421', '430421', '430421', '430422']) {
    ids.push(await plantPatch(store, { month, district, areaM2: 1000, foundAt: on(1) }));
  }
  const doing = { month, actor: 'wang' };
  await openMonth(store, { ...doing, at: on(2) }, 'first of its year');
  await issueMonth(store, { ...doing, at: on(3) });
  await takeSteps(store, ids[0], TO_CLOSURE, { at: on(4), given: { remedy: { demolishedM2: 1000 } } });
  await closeMonth(store, { ...doing, at: on(28) });
  return ids;
}

const draw = (store: Store, kind: ReportKind, name: string, district = '', at = later) =>
  drawReport(store, periodOf(kind, name), district, at);
const table = (report: Report, id: string) => report.tables.find((one) => one.id === id)!;
const figure = (report: Report, id: string, zh: string) =>
  table(report, id).rows.find((row) => (row['figure'] as { zh: string }).zh === zh)!;

describeOnBothStores('A report', (openFresh) => {
  it('of a closed month is the same to the byte after whatever goes on, in every format', async () => {
    const store = await openFresh();
    const ids = await closedJune(store);
    const bytes = async (at: Date) => {
      const [whole, county, quarter] = [
        await draw(store, 'month', '2025-06', '', at),
        await draw(store, 'month', '2025-06', '430421', at),
        await draw(store, 'quarter', '2025-Q2', '', at),
      ];
      const files = [];
      for (const report of [whole, county, quarter]) {
        for (const format of REPORT_FORMATS)
          files.push(Buffer.from(await renderReport(report, format)).toString('base64'));
      }
      return files;
    };
    const before = await bytes(first);
    await takeSteps(store, ids[0], 'resolve', { at: new Date('2025-08-02T02:00:00Z') });
    await takeSteps(store, ids[1], 'acknowledge verify close-false-change', { at: new Date('2025-08-02T02:00:00Z') });
    await plantPatch(store, { month: '2025-06', district: '430421' });
    await correctMonth(store, { month: '2025-06', actor: 'li', at: later, reason: 'resolved since' });
    expect(await bytes(later)).toEqual(before);
    const report = await draw(store, 'month', '2025-06');
    expect(report.status).toBe('closed');
    expect(figure(report, 'figures', '已整改')).toMatchObject({ count: 0 });
  });

  it('of the year shows a closed month as reported and as corrected, with the entry that moved it', async () => {
    const store = await openFresh();
    const ids = await closedJune(store);
    await takeSteps(store, ids[0], 'resolve', { at: new Date('2025-08-02T02:00:00Z') });
    await correctMonth(store, {
      month: '2025-06',
      actor: 'li',
      at: new Date('2025-08-03T02:00:00Z'),
      reason: 'cleared',
    });
    const report = await draw(store, 'year', '2025');
    expect(report).toMatchObject({ status: 'open', to: '2025-06', balanced: true });
    expect(report.statusText.zh).toContain('未结');
    const june = table(report, 'months').rows.at(-1);
    expect(june).toMatchObject({ month: '2025-06', violations: 1, rectified: 0, entries: 1, rectifiedNow: 1 });
    expect(table(report, 'corrections').rows).toContainEqual(
      expect.objectContaining({ month: '2025-06', entry: 1, reason: 'cleared', asReported: 0, asNow: 1 }),
    );
    expect(figure(report, 'figures', '已整改')).toMatchObject({ count: 1, areaM2: 1000, mu: 1.5 });
    // What came in between is an entry of the next month's report.
    await openMonth(store, { month: '2025-07', actor: 'wang', at: later });
    expect(table(await draw(store, 'month', '2025-07'), 'corrections').rows.length).toBeGreaterThan(0);
  });

  it('stands against last year where it has data, and says why where not: never 0', async () => {
    const store = await openFresh();
    await closedJune(store, '2024-06');
    await plantPatch(store, { month: '2025-06', district: '430421', areaM2: 600, foundAt: first });
    const [june, may] = [await draw(store, 'month', '2025-06'), await draw(store, 'month', '2024-06')];
    const found = figure(june, 'headline', '发现图斑');
    expect(found).toMatchObject({ now: 1, lastYear: 4, change: -3, changeRate: -0.75, share: null });
    expect(figure(june, 'headline', '占用耕地')).toMatchObject({ lastYear: 0, changeRate: null });
    expect(figure(may, 'headline', '发现图斑')).toMatchObject({ now: 4, lastYear: null, change: null });
    expect((figure(may, 'headline', '发现图斑')['why'] as { zh: string }).zh).toContain('去年同期无数据');
    // A county that last year's report did not know.
    await plantPatch(store, { month: '2025-06', district: '430423', areaM2: 600, foundAt: first });
    expect(figure(await draw(store, 'month', '2025-06', '430423'), 'headline', '发现图斑')['lastYear']).toBeNull();
  });

  it('of one county tells of that county alone, and of one that is not there nothing', async () => {
    const store = await openFresh();
    await closedJune(store);
    const county = await draw(store, 'month', '2025-06', '430422');
    expect(figure(county, 'headline', '下发图斑')['now']).toBe(1);
    expect(JSON.stringify(county)).not.toContain('430421');
    expect(figure(await draw(store, 'month', '2025-06', '4304'), 'headline', '下发图斑')['now']).toBe(4);
    await expect(draw(store, 'month', '2025-06', '430499')).rejects.toMatchObject({ code: 'not-found' });
    await expect(draw(store, 'term', '2025-05..2025-07')).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('of a term sums its months and says what came in and went on', async () => {
    const store = await openFresh();
    await closedJune(store);
    await plantPatch(store, { month: '2025-07', district: '430421', foundAt: later });
    const term = await draw(store, 'term', '2025-07..2025-08', '430421');
    const carry = Object.fromEntries(
      table(term, 'carry-over').rows.map((row) => [(row['figure'] as { en: string }).en, row['count']]),
    );
    expect(carry).toMatchObject({ 'carried in': 3, 'still open': 3, 'carried out': 4 });
    expect(figure(term, 'headline', '发现图斑')).toMatchObject({ now: 1, lastYear: null });
    expect(table(term, 'months').rows.map(({ month }) => month)).toEqual(['2025-07', '2025-08']);
  });

  it('whose checks fail comes out all the same, marked on page one', async () => {
    const store = await openFresh();
    const ids = await closedJune(store);
    // A task row put in behind the office's back: the closed month no longer adds up to the year.
    const stray = await plantPatch(store, { month: '2025-06', district: '430421' });
    const task = await store.db
      .selectFrom('month_tasks')
      .selectAll()
      .where('patchId', '=', ids[1])
      .executeTakeFirstOrThrow();
    await store.db
      .insertInto('month_tasks')
      .values({ ...task, number: 'stray', seq: 99, patchId: stray })
      .execute();
    const report = await draw(store, 'year', '2025');
    expect(report).toMatchObject({ balanced: false, failed: 1 });
    expect(table(report, 'checks').rows).toContainEqual(
      expect.objectContaining({ id: 'months', wanted: 5, got: 4, difference: -1 }),
    );
    expect((await renderReport(report, 'pdf')).length).toBeGreaterThan(10_000);
  });
});
