import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../services/audit/verify.ts';
import type { Figures } from '../../../services/cycle/figures.ts';
import type { MonthRecord } from '../../../services/cycle/record.ts';
import { printedMonth } from '../../../services/cycle/show.ts';
import { periodOf } from '../../../services/reports/period.ts';
import { drawReport } from '../../../services/reports/report.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { figuresInSql } from '../../services/cycle/figures-in-sql.ts';
import { namedFigures } from '../../services/cycle/named-figures.ts';
import { CountyYear } from './county-year.ts';

type Numbers = Record<string, number>;

let folder: string;
let store: Store;
let year: CountyYear;
const records = new Map<string, MonthRecord>();
const inSql = new Map<string, Numbers>();
const printed = new Map<string, { json: string; text: string }>();
const reports = new Map<string, string>();
let issuedByRuns = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tuban-year-'));
  store = await openStore({ sqlite: ':memory:' });
  year = await CountyYear.begin(store, folder);
  for (const month of year.months) {
    const { run, record } = await year.month(month);
    issuedByRuns += run.issued;
    records.set(month, record);
    inSql.set(month, await figuresInSql(store, month));
    printed.set(month, await printedMonth(store, month));
    reports.set(month, await reportOf('month', month));
  }
}, 300_000);
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** As at any later moment: a closed period's report is drawn from its record. */
async function reportOf(kind: 'month' | 'year', name: string): Promise<string> {
  return JSON.stringify(await drawReport(store, periodOf(kind, name), '', new Date('2026-03-01T00:00:00Z')));
}

/** The year as December was closed with it. */
function annual() {
  const { year: facts } = records.get(year.months.at(-1)!)!.reports!;
  return facts.scopes.find(({ code }) => code === '')!;
}

function expectSame(figures: Figures, wanted: Numbers, where: string): void {
  const got = namedFigures(figures);
  expect(Object.keys(got).sort(), where).toEqual(Object.keys(wanted).sort());
  // Areas are told to 0.01 m² patch by patch, and stored as they were measured.
  for (const name of Object.keys(wanted)) {
    expect(got[name], `${where} ${name}`).toBeCloseTo(wanted[name], name.endsWith('M2') ? 1 : 6);
  }
}

function addedUp(all: Iterable<Numbers>): Numbers {
  const sum: Numbers = {};
  for (const one of all) for (const [name, value] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}

describe('a year of a simulated county, closed twelve times,', () => {
  it('has patches in every month, found in images and reported, judged, put right and dismissed', () => {
    expect([...records.keys()]).toHaveLength(12);
    const rows = [...records.values()].map(({ figures: { whole } }) => whole);
    for (const { issued } of rows) expect(issued.count).toBeGreaterThan(0);
    expect(issuedByRuns).toBeGreaterThan(12);
    // What was put right was so a month or two after its own month was closed: in the figures of the year's end.
    const total = namedFigures(annual().figures);
    console.log(`the year: ${JSON.stringify(total)}`);
    expect(total['rectified']).toBeGreaterThan(4);
    for (const name of ['violations', 'resolved', 'dismissed', 'everReported', 'ended']) {
      expect(total[name], name).toBeGreaterThan(0);
    }
  });

  it('was closed each time with the figures that SQL alone makes of the same store, all checks holding', () => {
    for (const [month, { figures, carry }] of records) {
      expectSame(figures.whole, inSql.get(month)!, month);
      expect([...figures.checks, ...carry.checks].filter(({ holds }) => !holds)).toEqual([]);
      // The simulated people measure nothing: what they clear is listed with what is left, until images confirm it.
      expect(figures.differences.filter(({ what }) => what !== 'resolved-with-remainder')).toEqual([]);
      const districts = addedUp(figures.districts.map((one) => namedFigures(one.figures)));
      expectSame(figures.whole, { ...namedFigures(figures.whole), ...districts }, `${month}, districts`);
    }
  });

  it('carries what is open from month to month: each takes in what the one before gave out', () => {
    const ids = (list: readonly { patchId: string }[]) => list.map(({ patchId }) => patchId);
    let before: MonthRecord | null = null;
    for (const record of records.values()) {
      expect(ids(record.carry.in)).toEqual(before === null ? [] : ids(before.carry.out));
      expect(record.carry.out.length).toBeGreaterThan(0);
      before = record;
    }
  });

  it('adds up: every patch found is of one month, every task one patch, and the sum of the months is the year', async () => {
    const { rows } = await sql<Numbers>`select
      (select count(*) from patches) as found, (select count(distinct "patchId") from month_tasks) as sent,
      (select sum(round("areaM2", 2)) from patches) as "areaM2"`.execute(store.db);
    const total = addedUp([...records.values()].map(({ figures: { whole } }) => namedFigures(whole)));
    expect([total['rows'], total['issued']]).toEqual([Number(rows[0]['found']), Number(rows[0]['sent'])]);
    expect(total['issuedM2']).toBeCloseTo(Number(rows[0]['areaM2']), 1);
  });

  it('prints every closed month to the byte as it was closed, and the audit finds nothing', async () => {
    for (const [month, bytes] of printed) expect(await printedMonth(store, month), month).toEqual(bytes);
    const { ok, events } = await verifyAudit(store);
    expect(ok).toBe(true);
    expect(events).toBeGreaterThan(100);
  });

  it('is reported by the month with the figures it was closed with, and by the year with those SQL has at its end', async () => {
    for (const [month, { reports: kept, figures }] of records) {
      expect(await reportOf('month', month), month).toBe(reports.get(month));
      const whole = kept!.month.scopes.find(({ code }) => code === '')!;
      expect(whole.checks.filter(({ holds }) => !holds)).toEqual([]);
      expectSame(whole.figures, namedFigures(figures.whole), month);
    }
    const now = await Promise.all(year.months.map((month) => figuresInSql(store, month)));
    expectSame(annual().figures, addedUp(now), 'the year');
    expect(annual().checks.filter(({ holds }) => !holds)).toEqual([]);
    const drawn = JSON.parse(await reportOf('year', year.months[0].slice(0, 4)));
    expect(drawn).toMatchObject({ status: 'closed', balanced: true, from: year.months[0], to: year.months.at(-1) });
  });
});
