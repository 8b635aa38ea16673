import { standardReport } from '../reports/parameters.ts';
import { clearance, rankCounties, rectifiedRate, type Scored } from '../reports/ranking.ts';
import type { CountyFigures, ReportCounts } from './figures.ts';
import { countsOf } from './funnel.ts';
import type { StateSum } from './sums.ts';

/** The counties side by side, ranked as the monthly report ranks them; pure. */

export interface CountySums {
  sums: readonly StateSum[];
  /** Of the month's report, by six digits. */
  report: ReadonlyMap<string, ReportCounts>;
  names: ReadonlyMap<string, string>;
}

/** The ranked first; then, in order of code, those that are too small or have nothing to put right. */
export function countiesOf(codes: readonly string[], { sums, report, names }: CountySums): CountyFigures[] {
  const scored = codes.map((code) => ({
    code,
    counts: report.get(code) ?? noReport,
    figures: figuresOf(report.get(code) ?? noReport),
  }));
  return rankCounties(scored, standardReport).map(({ scope, rank, why }) => {
    const { code, counts } = scope;
    return {
      district: code,
      name: names.get(code) ?? code,
      ...countsOf(sums.filter(({ district }) => district.startsWith(code))),
      ...counts,
      ...{ clearance: clearance(scope).rate, rectifiedRate: rectifiedRate(scope), rank, why },
    };
  });
}

function figuresOf({ base, baseM2, done, violations, rectified }: ReportCounts): Scored['figures'] {
  return {
    base: { count: base, areaM2: baseM2 },
    outcomes: { open: base - done },
    violations: { count: violations },
    rectified: { count: rectified },
  };
}

export const noReport: ReportCounts = { base: 0, baseM2: 0, done: 0, violations: 0, rectified: 0 };
