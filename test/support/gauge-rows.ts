import type { GaugeRow } from '../../services/gauges/gauge-row.ts';

let counted = 0;

/** A patch as the gauges see it: a hall on 1,000 m² of farmland that nobody has judged, but for what is given. */
export function gaugeRow(given: Partial<GaugeRow> = {}): GaugeRow {
  const sequence = String(++counted).padStart(4, '0');
  const district = given.district ?? '430407';
  const month = given.month ?? '2025-03';
  const farmlandM2 = given.farmlandM2 ?? given.areaM2 ?? 1000;
  return {
    patchId: `patch-${sequence}`,
    number: `${district}${month.replace('-', '')}${sequence}`,
    month,
    district,
    areaM2: farmlandM2,
    farmlandM2,
    basicFarmlandM2: 0,
    opinion: null,
    opinionBy: null,
    state: 'found',
    outcome: 'open',
    restoredM2: 0,
    actor: null,
    actorId: null,
    recordedAs: given.actor ?? null,
    byNewConstruction: true,
    ...given,
  };
}

/** What a person has judged. */
export const judged = (opinion: string) => ({ opinion, opinionBy: 'person' as const });
export const byRules = (opinion: string) => ({ opinion, opinionBy: 'rules' as const });
export const illegal = judged('illegal-construction');
export const lawful = judged('lawful');
