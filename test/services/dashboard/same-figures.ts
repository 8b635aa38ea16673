import { expect } from 'vitest';
import type { Dashboard } from '../../../services/dashboard/figures.ts';
import { monthTable } from '../../../services/queue/month-table.ts';
import { patchStatistics } from '../../../services/queue/statistics.ts';
import { periodFacts } from '../../../services/reports/draw-facts.ts';
import type { PeriodFacts, ScopeFacts } from '../../../services/reports/facts.ts';
import { standardReport } from '../../../services/reports/parameters.ts';
import { type Period, periodOf } from '../../../services/reports/period.ts';
import { clearance, rankCounties } from '../../../services/reports/ranking.ts';
import { readPeriod } from '../../../services/reports/read-period.ts';
import { countiesOf } from '../../../services/reports/scopes.ts';
import type { Store } from '../../../services/store/open.ts';

/** The dashboard held against the month's table, the statistics and the report: whatever has the same name is the same. */

export async function reportOf(store: Store, month: string, at: Date): Promise<PeriodFacts> {
  const period: Period = periodOf('month', month);
  return periodFacts(store, await readPeriod(store, period, at), period, period, null);
}

export async function expectMonthTable(store: Store, shown: Dashboard, at: Date): Promise<void> {
  const table = await monthTable(store, shown.month, at, shown.district);
  const { found, warned, open, overdue, resolved, dismissed, areaM2 } = table.total;
  const { funnel } = shown;
  expect({
    found: funnel.found.patches,
    warned: funnel.warned,
    open: funnel.open.patches,
    overdue: funnel.overdue,
    resolved: funnel.resolved.patches,
    dismissed: funnel.dismissed.patches,
  }).toEqual({ found, warned, open, overdue, resolved, dismissed });
  expect(funnel.found.areaM2).toBeCloseTo(areaM2, 1);
  expect(funnel.found.areaMu).toBeCloseTo(0.0015 * areaM2, 3);
  expect(shown.trend.at(-1)?.counts ?? { found: 0 }).toMatchObject({ found });
  for (const row of table.rows) {
    const county = shown.counties.find(({ district }) => district === row.district);
    if (county === undefined) throw new Error(`${row.district} is not among the counties`);
    for (const name of ['found', 'warned', 'open', 'overdue', 'resolved', 'dismissed'] as const) {
      expect(county[name], `${row.district} ${name}`).toBe(row[name]);
    }
  }
}

export async function expectStatistics(store: Store, shown: Dashboard, at: Date): Promise<void> {
  const filter = { month: shown.month, district: shown.district };
  const { snapshot, total, groups } = await patchStatistics(store, filter, { by: ['state'], at });
  expect(shown.snapshot).toBe(snapshot);
  expect(shown.funnel.found.patches).toBe(total.patches);
  expect(shown.funnel.overdue).toBe(total.overdue);
  const byState = new Map(groups[0].values.map((one) => [one.value, one]));
  for (const { state, patches, areaM2, overdue } of shown.funnel.stages.flatMap(({ states }) => states)) {
    expect([state, patches, overdue]).toEqual([state, byState.get(state)?.patches, byState.get(state)?.overdue]);
    expect(areaM2).toBeCloseTo(byState.get(state)?.areaM2 ?? 0, 1);
  }
  for (const one of shown.backlog.months) {
    const open = shown.funnel.stages.length > 0 && one.month === shown.month ? shown.funnel.open.patches : null;
    if (open !== null) expect(one.patches).toBe(open);
  }
}

/** @param facts of the month's report, by code of the place */
export function expectReport(shown: Dashboard, facts: PeriodFacts): void {
  const scope = facts.scopes.find(({ code }) => code === shown.district);
  const counts = shown.trend.at(-1)?.counts;
  if (scope !== undefined && counts != null) expect(countsOf(counts)).toEqual(reportCounts(scope));
  const counties = countiesOf(facts.scopes, shown.district);
  for (const own of counties) {
    const county = shown.counties.find(({ district }) => district === own.code)!;
    expect({ code: own.code, ...countsOf(county) }).toEqual({ code: own.code, ...reportCounts(own) });
    expect(county.clearance).toBe(clearance(own).rate);
  }
  // Counties without anything on record stand in no report.
  const known = new Set(counties.map(({ code }) => code));
  const places = rankCounties(counties, standardReport).map(({ scope: { code }, rank, why }) => [code, rank, why]);
  expect(
    shown.counties.filter(({ district }) => known.has(district)).map((one) => [one.district, one.rank, one.why]),
  ).toEqual(places);
  if (scope !== undefined) expectPrecision(shown, scope);
}

function expectPrecision(shown: Dashboard, { precision }: ScopeFacts): void {
  const cells = shown.precision.cells.filter(({ month }) => month === shown.month);
  const sum = (rows: readonly { confirmed: number; falseOnes: number; setAside: number; found: number }[]) =>
    (['found', 'confirmed', 'falseOnes', 'setAside'] as const).map((name) =>
      rows.reduce((all, row) => all + row[name], 0),
    );
  expect(sum(cells)).toEqual(sum(precision));
  for (const cell of cells) expect(sum([cell])).toEqual(sum(precision.filter(({ type }) => type === cell.type)));
}

type Counts = Record<'base' | 'baseM2' | 'done' | 'violations' | 'rectified', number>;

function countsOf({ base, baseM2, done, violations, rectified }: Counts): Counts {
  return { base, baseM2, done, violations, rectified };
}

function reportCounts({ figures: { base, outcomes, violations, rectified } }: ScopeFacts): Counts {
  return {
    ...{ base: base.count, baseM2: base.areaM2, done: base.count - outcomes.open },
    ...{ violations: violations.count, rectified: rectified.count },
  };
}
