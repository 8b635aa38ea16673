import type { Kysely } from 'kysely';
import { byDistrict } from '../cycle/figure-set.ts';
import { figuresOf, outcomeOf } from '../cycle/figures.ts';
import { standardParameters } from '../gauges/parameters.ts';
import { monthsOf } from '../reports/period.ts';
import { type PeriodRow, readPeriodRows } from '../reports/period-rows.ts';
import { precisionOf, SET_ASIDE } from '../reports/precision.ts';
import { readReviewed } from '../reports/read-period.ts';
import {
  type CoverageSum,
  countWarned,
  coverageBetween,
  monthsKnown,
  type StateSum,
  sumByState,
  sumOpen,
  waitingSince,
} from '../store/dashboard-sums.ts';
import { gaugeRows, monthsReported } from '../store/gauge-rows.ts';
import { districtNames } from '../store/month-figures.ts';
import type { Store } from '../store/open.ts';
import type { Database } from '../store/schema.ts';
import { onOneState, snapshotOf } from '../store/view.ts';
import { backlogOf } from './backlog.ts';
import { countiesOf, noReport } from './counties.ts';
import { coverageOf, seenOf } from './coverage.ts';
import type { Dashboard, MonthStatus, ReportCounts, TrendMonth } from './figures.ts';
import { countsOf, funnelOf } from './funnel.ts';
import { gaugeFigures, monthsBefore, radarFigures } from './gauges.ts';
import { standardDashboard } from './parameters.ts';
import { type CauseSum, precisionFigures, type ReviewedSum } from './precision.ts';

export interface DashboardQuestion {
  month: string;
  /** District code prefix, '' = all: no more than the asker may see. */
  district: string;
  /** Months of the trend, the last of which is the month. */
  months: number;
}

/** All figures of the dashboard, read from one state of the store. */
export async function readDashboard(store: Store, question: DashboardQuestion, at: Date): Promise<Dashboard> {
  return onOneState(store.db, (db) => dashboardOf(db, question, at));
}

async function dashboardOf(db: Kysely<Database>, question: DashboardQuestion, at: Date): Promise<Dashboard> {
  const { month, district } = question;
  const from = monthsBefore(month, question.months - 1);
  const span = { from, to: month, district };
  const own = { ...span, from: month };
  const names = await districtNames(db);
  const known = await monthsKnown(db);
  const sums = await sumByState(db, span, at);
  const warned = await countWarned(db, span);
  const coverage = await coverageBetween(db, from, month, district);
  const judged = await readJudged(db, span, at);
  const codes = countyCodes(district, names, sums, coverage, judged.codes);
  const ofMonth = <T extends { month: string }>(rows: readonly T[]) => rows.filter((row) => row.month === month);
  const statusOf = (one: string): MonthStatus => {
    if (known.closed.has(one)) return 'closed';
    return known.run.has(one) || known.opened.has(one) || sums.some((sum) => sum.month === one) ? 'open' : 'unknown';
  };
  const countWarnedIn = (one: string) =>
    added(
      warned.filter((row) => row.month === one),
      ({ patches }) => patches,
    );
  const trend = monthsOf(span).map((one): TrendMonth => {
    const status = statusOf(one);
    const counts = countsOf(
      sums.filter((sum) => sum.month === one),
      countWarnedIn(one),
    );
    const seen = coverage.filter((row) => row.month === one);
    return {
      month: one,
      status,
      counts: status === 'unknown' ? null : { ...counts, ...(judged.byMonth.get(one) ?? noReport) },
      observedFraction: fraction(seen),
    };
  });
  const land = await readLand(db, { month, district, codes, names });
  const open = await sumOpen(db, { ...span, from: null }, at);
  return {
    ...{ month, district, at: at.toISOString(), snapshot: await snapshotOf(db, at) },
    status: statusOf(month),
    names: Object.fromEntries([...names].filter(([code]) => code.startsWith(district) || district.startsWith(code))),
    target: standardDashboard.target,
    funnel: funnelOf(ofMonth(sums), countWarnedIn(month), await waitingSince(db, own), at),
    counties: countiesOf(codes, { sums: ofMonth(sums), warned: ofMonth(warned), report: judged.byCounty, names }),
    trend,
    ...land,
    coverage: coverageOf(ofMonth(coverage), codes, names),
    precision: precisionFigures(judged.reviewed, judged.causes),
    backlog: backlogOf(open, month),
  };
}

function fraction(seen: readonly CoverageSum[]): number | null {
  const { observedM2, totalM2 } = seenOf(seen);
  return totalM2 > 0 ? observedM2 / totalM2 : null;
}

/** Counties that the districts layer names, and those with patches or coverage. */
function countyCodes(
  district: string,
  names: ReadonlyMap<string, string>,
  ...rows: readonly (readonly (StateSum | CoverageSum | string)[])[]
): string[] {
  const codes = rows.flat().map((row) => (typeof row === 'string' ? row : row.district));
  const counties = [...names.keys(), ...codes].map((code) => code.slice(0, 6));
  const isOwn = (code: string) => code.length === 6 && (code.startsWith(district) || district.startsWith(code));
  return [...new Set(counties)].filter(isOwn).sort();
}

interface Judgements {
  codes: string[];
  byMonth: Map<string, ReportCounts>;
  /** Of the month asked for alone. */
  byCounty: Map<string, ReportCounts>;
  reviewed: ReviewedSum[];
  causes: CauseSum[];
}

/** What the monthly reports say of these months: what was sent down, done, judged a breach and put right. */
async function readJudged(
  db: Kysely<Database>,
  { from, to, district }: { from: string; to: string; district: string },
  at: Date,
): Promise<Judgements> {
  const all = await readPeriodRows(db, from, to, at);
  const rows = all.filter((row) => row.district.startsWith(district));
  const reviewed = await readReviewed({ db }, rows);
  const months = [...Map.groupBy(rows, ({ month }) => month)];
  const sums = months.flatMap(([month, own]) =>
    precisionOf(own, reviewed).map(({ detector: _, ...sum }) => ({ ...sum, month })),
  );
  return {
    codes: rows.map(({ district: code }) => code),
    byMonth: new Map(months.map(([month, own]) => [month, reportCounts(own)])),
    byCounty: new Map(
      byDistrict(rows.filter(({ month }) => month === to)).map(([code, own]) => [code, reportCounts(own)]),
    ),
    reviewed: sums,
    causes: causesOf(rows, reviewed.reasons),
  };
}

function reportCounts(rows: readonly PeriodRow[]): ReportCounts {
  const { base, outcomes, violations, rectified } = figuresOf(rows);
  return {
    ...{ base: base.count, baseM2: base.areaM2, done: base.count - outcomes.open },
    ...{ violations: violations.count, rectified: rectified.count },
  };
}

function causesOf(rows: readonly PeriodRow[], reasons: ReadonlyMap<string, string | null>): CauseSum[] {
  const dismissed = rows
    .filter((row) => outcomeOf(row) === 'dismissed')
    .map(({ patchId }) => reasons.get(patchId) ?? '');
  return [...Map.groupBy(dismissed, (reason) => reason)].map(([reason, same]) => {
    return { reason, patches: same.length, setAside: SET_ASIDE.includes(reason) };
  });
}

/** Gauge and radar: year to date, by the months in which patches were found. */
async function readLand(
  db: Kysely<Database>,
  {
    month,
    district,
    codes,
    names,
  }: {
    month: string;
    district: string;
    codes: readonly string[];
    names: ReadonlyMap<string, string>;
  },
): Promise<Pick<Dashboard, 'gauge' | 'radar'>> {
  const year = month.slice(0, 4);
  const { constructionTypes } = standardParameters;
  const span = { from: `${Number(year) - 1}-01`, to: month, district, constructionTypes };
  const rows = await gaugeRows(db, span);
  const reported = await monthsReported(db);
  const known =
    reported !== null && reported.from <= month
      ? { from: reported.from, to: reported.to < month ? reported.to : month }
      : null;
  return {
    gauge: gaugeFigures(rows, { district, year, codes, known, names }),
    radar: radarFigures(rows, month),
  };
}

function added<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
