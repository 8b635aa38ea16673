import { expect, it } from 'vitest';
import { figuresOf } from '../../../services/cycle/figures.ts';
import { readMonthRows } from '../../../services/cycle/read-rows.ts';
import { seededRandom } from '../../support/random.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { figuresInSql } from './figures-in-sql.ts';
import { namedFigures } from './named-figures.ts';
import { monthsOf, RandomOffice } from './random-months.ts';

describeOnBothStores('Each figure of a month', (openFresh) => {
  it('is what SQL alone makes of the same store', async () => {
    const seen: Record<string, number> = {};
    for (const seed of [7, 25, 42, 11]) {
      const store = await openFresh();
      const office = new RandomOffice(store, seededRandom(seed));
      await office.begin();
      for (let step = 0; step < 300; step++) await office.act();
      for (const month of monthsOf(2025)) {
        const { rows } = await readMonthRows(store.db, month, new Date('2026-01-01T00:00:00Z'));
        const [got, wanted] = [namedFigures(figuresOf(rows)), await figuresInSql(store, month)];
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
