import type { Figures } from '../../../services/cycle/figures.ts';

/** The same figures under the names that the SQL gives them. */
export function namedFigures(figures: Figures): Record<string, number> {
  const { combinations, review, rates, errorRate, notIssued } = figures;
  return {
    rows: figures.rows,
    issued: figures.issued.count,
    issuedM2: figures.issued.areaM2,
    base: figures.base.count,
    baseM2: figures.base.areaM2,
    notIssuedDismissed: notIssued.dismissed,
    notIssued: notIssued.dismissed + notIssued.pending + notIssued.replaced,
    resolved: figures.outcomes.resolved,
    dismissed: figures.outcomes.dismissed,
    violations: figures.violations.count,
    violationM2: figures.violations.areaM2,
    rectified: figures.rectified.count,
    rectifiedM2: figures.rectified.areaM2,
    onlyDemolished: combinations.拆除复耕.count,
    regConf: combinations['补办+没收'].count,
    demReg: combinations['拆除复耕+补办'].count,
    demolishedM2: figures.ways.demolishedM2,
    ended: review.ended,
    city: review['waiting-city'],
    province: review['waiting-province'],
    back: review.returned,
    everReported: errorRate.of,
    everReturned: errorRate.count,
    casesDue: rates.filed.of,
    casesFiled: rates.filed.count,
    filed: rates.closedInTime.cases,
    closed: rates.closedInTime.count + rates.closedInTime.closedLate,
    handedOver: figures.handedOver,
  };
}
