import type { Kysely } from 'kysely';
import { monthsOf } from '../reports/period.ts';
import { type CoverageSum, coverageBetween, monthsKnown } from '../store/dashboard-months.ts';
import { monthsReported } from '../store/gauge-rows.ts';
import { districtNames } from '../store/month-figures.ts';
import type { Database } from '../store/schema.ts';
import { snapshotOf } from '../store/view.ts';
import { backlogOf } from './backlog.ts';
import { countiesOf, noReport } from './counties.ts';
import { coverageOf, seenOf } from './coverage.ts';
import type { FactKeeper } from './fact-keeper.ts';
import type { Dashboard, MonthStatus, TrendMonth } from './figures.ts';
import { countsOf, funnelOf } from './funnel.ts';
import { gaugeFigures, monthsBefore, radarFigures, radarFrom } from './gauges.ts';
import { standardDashboard } from './parameters.ts';
import type { PatchFact } from './patch-fact.ts';
import { precisionFigures } from './precision.ts';
import { type Sums, sumsOf } from './sums.ts';

export interface DashboardQuestion {
  month: string;
  /** District code prefix, '' = all: no more than the asker may see. */
  district: string;
  /** Months of the trend, the last of which is the month. */
  months: number;
}

/** All figures of the dashboard, of one state of the store. */
export async function readDashboard(keeper: FactKeeper, question: DashboardQuestion, at: Date): Promise<Dashboard> {
  return keeper.read((db, facts) => dashboardOf(db, facts, question, at));
}

async function dashboardOf(
  db: Kysely<Database>,
  facts: Iterable<PatchFact>,
  { month, district, months }: DashboardQuestion,
  at: Date,
): Promise<Dashboard> {
  const from = monthsBefore(month, months - 1);
  const year = month.slice(0, 4);
  const sums = sumsOf(facts, {
    from,
    to: month,
    district,
    landFrom: `${Number(year) - 1}-01`,
    radarFrom: radarFrom(month),
    at,
  });
  const names = await districtNames(db);
  const coverage = await coverageBetween(db, from, month, district);
  const codes = countyCodes(district, names, sums, coverage);
  const statusOf = await statuses(db, sums);
  const own = sums.states.filter((sum) => sum.month === month);
  return {
    ...{ month, district, at: at.toISOString(), snapshot: await snapshotOf(db, at), status: statusOf(month) },
    names: Object.fromEntries([...names].filter(([code]) => code.startsWith(district) || district.startsWith(code))),
    target: standardDashboard.target,
    funnel: funnelOf(own, sums.waiting, at),
    counties: countiesOf(codes, { sums: own, report: sums.byCounty, names }),
    trend: monthsOf({ from, to: month }).map((one) => trendMonth(one, statusOf(one), sums, coverage)),
    gauge: gaugeFigures(sums.land, { district, year, codes, known: await knownUpTo(db, month), names }),
    radar: radarFigures(sums, month),
    coverage: coverageOf(
      coverage.filter((row) => row.month === month),
      codes,
      names,
    ),
    precision: precisionFigures(sums.reviewed, sums.causes),
    backlog: backlogOf(sums.states, month),
  };
}

async function statuses(db: Kysely<Database>, { states }: Sums): Promise<(month: string) => MonthStatus> {
  const { closed, run, opened } = await monthsKnown(db);
  const found = new Set(states.map(({ month }) => month));
  const isKnown = (month: string) => run.has(month) || opened.has(month) || found.has(month);
  return (month) => (closed.has(month) ? 'closed' : isKnown(month) ? 'open' : 'unknown');
}

function trendMonth(month: string, status: MonthStatus, sums: Sums, coverage: readonly CoverageSum[]): TrendMonth {
  const counts = countsOf(sums.states.filter((sum) => sum.month === month));
  const { observedM2, totalM2 } = seenOf(coverage.filter((row) => row.month === month));
  return {
    ...{ month, status },
    counts: status === 'unknown' ? null : { ...counts, ...(sums.byMonth.get(month) ?? noReport) },
    observedFraction: totalM2 > 0 ? observedM2 / totalM2 : null,
  };
}

/** Counties that the districts layer names, and those with patches or coverage. */
function countyCodes(
  district: string,
  names: ReadonlyMap<string, string>,
  { states, byCounty }: Sums,
  coverage: readonly CoverageSum[],
): string[] {
  const codes = [...states, ...coverage].map((row) => row.district);
  const counties = [...names.keys(), ...codes, ...byCounty.keys()].map((code) => code.slice(0, 6));
  const isOwn = (code: string) => code.length === 6 && (code.startsWith(district) || district.startsWith(code));
  return [...new Set(counties)].filter(isOwn).sort();
}

/** Months with a finished run, as far as the one that is looked at. */
async function knownUpTo(db: Kysely<Database>, month: string): Promise<{ from: string; to: string } | null> {
  const reported = await monthsReported(db);
  if (reported === null || reported.from > month) return null;
  return { from: reported.from, to: reported.to < month ? reported.to : month };
}
