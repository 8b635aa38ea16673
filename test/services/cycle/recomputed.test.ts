import { expect, it } from 'vitest';
import { type Figures, figuresOf } from '../../../services/cycle/figures.ts';
import { readMonthRows } from '../../../services/cycle/read-rows.ts';
import { seededRandom } from '../../support/random.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { figuresInSql } from './figures-in-sql.ts';
import { monthsOf, RandomOffice } from './random-months.ts';

/** The same figures under the names that the SQL gives them. */
function named(figures: Figures): Record<string, number> {
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

describeOnBothStores('Each figure of a month', (openFresh) => {
  it('is what SQL alone makes of the same store', async () => {
    const seen: Record<string, number> = {};
    for (const seed of [4, 15, 22]) {
      const store = await openFresh();
      const office = new RandomOffice(store, seededRandom(seed));
      await office.begin();
      for (let step = 0; step < 300; step++) await office.act();
      for (const month of monthsOf(2025)) {
        const { rows } = await readMonthRows(store.db, month, new Date('2026-01-01T00:00:00Z'));
        const [got, wanted] = [named(figuresOf(rows)), await figuresInSql(store, month)];
        for (const name of Object.keys(wanted)) {
          expect(got[name], `${month} ${name}, seed ${seed}`).toBeCloseTo(wanted[name], 3);
          seen[name] = (seen[name] ?? 0) + wanted[name];
        }
        expect(Object.keys(got).sort()).toEqual(Object.keys(wanted).sort());
      }
    }
    // A figure that was nothing throughout would show nothing.
    expect(Object.entries(seen).filter(([, sum]) => sum === 0)).toEqual([]);
  });
});
