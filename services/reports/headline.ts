import type { MonthRow } from '../cycle/month-row.ts';
import { rounded, sumM2 } from '../cycle/month-row.ts';
import type { GaugeRow } from '../gauges/gauge-row.ts';
import type { Headline } from './facts.ts';

/** DOMAIN §8's headline row over some rows; pure. What was sent down is counted as it was issued, before any split or merge. */
export function headlineOf(rows: readonly MonthRow[], land: ReadonlyMap<string, GaugeRow>): Headline {
  const originals = rows.filter(isOriginal);
  const issued = originals.filter((row) => row.issued);
  const sum = (of: (row: GaugeRow) => number) =>
    sumM2(issued.map(({ patchId }) => rounded(land.has(patchId) ? of(land.get(patchId) as GaugeRow) : 0)));
  return {
    found: originals.length,
    issued: issued.length,
    monitoredM2: sumM2(issued.map(({ areaM2 }) => areaM2)),
    farmlandM2: sum(({ farmlandM2 }) => farmlandM2),
    basicFarmlandM2: sum(({ basicFarmlandM2 }) => basicFarmlandM2),
  };
}

/** Whether it was found as it is, and came out of no other patch. */
export function isOriginal({ lineage }: Pick<MonthRow, 'lineage'>): boolean {
  return lineage === 'original' || lineage.startsWith('has-been-');
}
