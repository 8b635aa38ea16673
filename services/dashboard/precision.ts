import { REASONS } from '../lifecycle/reasons.ts';
import { standardReport } from '../reports/parameters.ts';
import { wilson } from '../reports/wilson.ts';
import type { PrecisionFigures, Reliability } from './figures.ts';
import { standardDashboard } from './parameters.ts';

/** How often the detector was right, by what people made of its patches; pure. */

/** Patches of one type that a month's report counts, by what became of them. */
export interface ReviewedSum {
  month: string;
  type: string;
  found: number;
  confirmed: number;
  falseOnes: number;
  setAside: number;
}

export interface CauseSum {
  reason: string;
  patches: number;
  setAside: boolean;
}

export function precisionFigures(sums: readonly ReviewedSum[], causes: readonly CauseSum[]): PrecisionFigures {
  const by = (keyOf: (sum: ReviewedSum) => string) =>
    [...Map.groupBy(sums, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    leastJudged: standardDashboard.leastJudged,
    confidence: standardReport.confidence,
    total: reliabilityOf(sums),
    types: by(({ type }) => type).map(([type, own]) => ({ type, ...reliabilityOf(own) })),
    months: by(({ month }) => month).map(([month, own]) => ({ month, ...reliabilityOf(own) })),
    cells: by(({ month, type }) => `${month} ${type}`).map(([, own]) => {
      const [{ month, type }] = own;
      return { month, type, ...reliabilityOf(own) };
    }),
    causes: causes
      .map((cause) => ({ ...cause, label: labelOf(cause.reason) }))
      .sort((a, b) => b.patches - a.patches || (a.reason < b.reason ? -1 : 1)),
  };
}

function reliabilityOf(sums: readonly ReviewedSum[]): Reliability {
  const sum = (of: (one: ReviewedSum) => number) => sums.reduce((all, one) => all + of(one), 0);
  const [found, confirmed, falseOnes, setAside] = [
    sum((one) => one.found),
    sum((one) => one.confirmed),
    sum((one) => one.falseOnes),
    sum((one) => one.setAside),
  ];
  const judged = confirmed + falseOnes;
  return {
    ...{ found, confirmed, falseOnes, setAside, judged },
    precision: judged === 0 ? null : confirmed / judged,
    interval: wilson(confirmed, judged, standardReport.confidence),
    enough: judged >= standardDashboard.leastJudged,
  };
}

function labelOf(reason: string) {
  return REASONS.dismissal.find(({ code }) => code === reason)?.label ?? { zh: '未说明', en: 'Not said' };
}
