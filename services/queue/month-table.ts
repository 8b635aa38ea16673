import { ServiceError } from '../error.ts';
import { stateNames } from '../lifecycle/transitions.ts';
import type { CoverageRow } from '../store/coverage.ts';
import { countMonth, coverageOfMonth, type DistrictCounts, districtNames } from '../store/month-figures.ts';
import type { Store } from '../store/open.ts';
import { parseMonth } from './filter.ts';

/**
 * One district of a month's table, as it is now (not as it was at the month's end).
 *
 *   found = open + resolved + dismissed,   overdue ≤ open,   warned ≤ found
 *
 * warned and overdue cut across the other three: what was warned may since be resolved, dismissed or
 * open, and what is overdue may not have been warned yet.
 */
export interface MonthRow {
  /** District code; '' in the total. */
  district: string;
  /** From the districts layer, else the code; 合计 in the total. */
  name: string;
  /** All patches in the month's queue. */
  found: number;
  /** Those for which a task was ever sent out (step warn), whatever became of them. */
  warned: number;
  /** Those with something still to be done: in an open state, reopened ones too. */
  open: number;
  /** Those of the open ones whose due date is before `now`; a stopped clock is not overdue. */
  overdue: number;
  /** Those that ended as a true change: closed, resolved or restored. */
  resolved: number;
  /** Those that ended as none: dismissed, or verified on site as false change. */
  dismissed: number;
  /** Area on the ellipsoid of all found. */
  areaM2: number;
  /** The district's area that the month's run was to look at; null where no finished run has measured it. */
  totalM2: number | null;
  /** What both dates of the comparison saw of it; cloud and missing image are the rest. */
  observedM2: number | null;
  /** observedM2 / totalM2, 0–1; null where unmeasured. Unobserved is never unchanged. */
  observedFraction: number | null;
}

export interface MonthTable {
  month: string;
  /** UTC: when the table was drawn up and what overdue refers to. */
  at: string;
  /** In order of district: every district that has patches, coverage or a name in the districts layer. */
  rows: MonthRow[];
  /** The sums of the rows; its coverage is null where that of any row is. */
  total: MonthRow;
}

const NO_PATCHES = { found: 0, warned: 0, open: 0, overdue: 0, resolved: 0, dismissed: 0, areaM2: 0 };
const UNMEASURED = { totalM2: null, observedM2: null, observedFraction: null };

/**
 * The month's table, for districts whose code begins with `within` ('' = all). Throws store-unusable
 * where its figures do not balance (a patch in a state the lifecycle does not have), bad-input where
 * `month` is not YYYY-MM.
 */
export async function monthTable(store: Store, month: string, now: Date, within = ''): Promise<MonthTable> {
  parseMonth(month);
  const states = {
    open: stateNames('patch', { outcome: 'open' }),
    resolved: stateNames('patch', { outcome: 'resolved' }),
    dismissed: stateNames('patch', { outcome: 'dismissed' }),
  };
  const counts = byDistrict(await countMonth(store.db, month, within, states, now));
  const coverage = byDistrict(await coverageOfMonth(store.db, month, within));
  const names = await districtNames(store.db);
  const named = [...names.keys()].filter((district) => district.startsWith(within));
  const districts = [...new Set([...counts.keys(), ...coverage.keys(), ...named])].sort();
  const rows = districts.map((district) => ({
    ...(counts.get(district) ?? NO_PATCHES),
    ...seen(coverage.get(district)),
    district,
    name: names.get(district) ?? district,
  }));
  const table = { month, at: now.toISOString(), rows, total: sum(rows) };
  for (const row of [...rows, table.total]) checkBalance(row, month);
  return table;
}

/** Throws store-unusable where the row does not balance; see MonthRow. */
function checkBalance(row: MonthRow, month: string): void {
  const { found, warned, open, overdue, resolved, dismissed } = row;
  if (found === open + resolved + dismissed && overdue <= open && warned <= found) return;
  const figures = `found ${found}, warned ${warned}, open ${open}, overdue ${overdue}, resolved ${resolved}, dismissed ${dismissed}`;
  throw new ServiceError('store-unusable', `The table of ${month} does not balance for ${row.name}: ${figures}.`);
}

function sum(rows: readonly MonthRow[]): MonthRow {
  const total: MonthRow = { ...NO_PATCHES, ...UNMEASURED, district: '', name: '合计' };
  for (const column of Object.keys(NO_PATCHES) as (keyof typeof NO_PATCHES)[]) {
    total[column] = rows.reduce((so, row) => so + row[column], 0);
  }
  const measured = rows.flatMap(({ totalM2, observedM2 }) =>
    totalM2 === null ? [] : [{ totalM2, observedM2: observedM2! }],
  );
  if (measured.length === 0 || measured.length < rows.length) return total;
  const totalM2 = measured.reduce((so, row) => so + row.totalM2, 0);
  const observedM2 = measured.reduce((so, row) => so + row.observedM2, 0);
  return { ...total, ...share(totalM2, observedM2) };
}

function seen(coverage: CoverageRow | undefined): Pick<MonthRow, 'totalM2' | 'observedM2' | 'observedFraction'> {
  return coverage ? share(coverage.totalM2, coverage.observedM2) : UNMEASURED;
}

function share(totalM2: number, observedM2: number): Pick<MonthRow, 'totalM2' | 'observedM2' | 'observedFraction'> {
  return { totalM2, observedM2, observedFraction: totalM2 > 0 ? observedM2 / totalM2 : null };
}

function byDistrict<T extends DistrictCounts | CoverageRow>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.district, row]));
}
