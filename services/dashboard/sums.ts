import { rounded } from '../cycle/month-row.ts';
import { type GaugeRow, standingOf } from '../gauges/gauge-row.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { SET_ASIDE } from '../reports/precision.ts';
import type { ReportCounts } from './figures.ts';
import { standardDashboard } from './parameters.ts';
import { type Alone, isActorKnown, type PatchFact } from './patch-fact.ts';
import type { CauseSum, ReviewedSum } from './precision.ts';

/** The facts added up in one pass; pure. */

export interface StateSum {
  /** In which they were found. */
  month: string;
  district: string;
  state: string;
  patches: number;
  areaM2: number;
  overdue: number;
  warned: number;
}

export interface Waiting {
  state: string;
  /** UTC, to the hour: YYYY-MM-DDTHH. */
  since: string;
  patches: number;
}

export interface Sums {
  /** Of the months of the span; of those before open ones alone. */
  states: StateSum[];
  /** Of the last month. */
  waiting: Waiting[];
  byMonth: Map<string, ReportCounts>;
  /** Of the last month, by six digits. */
  byCounty: Map<string, ReportCounts>;
  reviewed: ReviewedSum[];
  causes: CauseSum[];
  /** Rows that gauges may take for those of the patches: of each month, district and standing one. */
  land: GaugeRow[];
  /** Patches of actors that are known, within the radar's months. */
  known: GaugeRow[];
  /** Those of somebody unknown that are near a line each by itself: how many, and the gravest of them. */
  alone: { counts: Record<Alone['level'], number>; gravest: Grave[] };
}

export interface SumSpan {
  from: string;
  to: string;
  district: string;
  /** First month whose land is asked for. */
  landFrom: string;
  /** First month of the radar's. */
  radarFrom: string;
  at: Date;
}

export function sumsOf(facts: Iterable<PatchFact>, span: SumSpan): Sums {
  const sums: Sums = {
    ...{ states: [], waiting: [], byMonth: new Map(), byCounty: new Map() },
    ...{
      reviewed: [],
      causes: [],
      land: [],
      known: [],
      alone: { counts: { review: 0, possible: 0, near: 0 }, gravest: [] },
    },
  };
  const now = span.at.toISOString();
  const into = new Places();
  for (const fact of facts) {
    if (!fact.district.startsWith(span.district)) continue;
    addState(sums, into, fact, span, now);
    if (fact.counted >= span.from && fact.counted <= span.to) addReported(sums, into, fact, span.to);
    if (fact.land !== null && fact.found >= span.landFrom && fact.found <= span.to)
      addLand(sums, into, fact, fact.land, fact.found >= span.radarFrom);
  }
  return sums;
}

/** Finds the sum that something is added to, by what it is told apart by. */
class Places {
  readonly state = new Map<string, StateSum>();
  readonly waiting = new Map<string, Waiting>();
  readonly causes = new Map<string, CauseSum>();
  readonly reviewed = new Map<string, ReviewedSum>();
  readonly land = new Map<string, GaugeRow>();
}

function place<T>(known: Map<string, T>, key: string, list: T[], make: () => T): T {
  let found = known.get(key);
  if (found === undefined) {
    found = make();
    known.set(key, found);
    list.push(found);
  }
  return found;
}

function addState(sums: Sums, into: Places, fact: PatchFact, { from, to }: SumSpan, now: string): void {
  const { found: month, district, state, areaM2, dueAt, since } = fact;
  if (month > to) return;
  const outcome = outcomes.get(state) ?? outcomeOf(state);
  if (outcome === 'replaced' || (month < from && outcome !== 'open')) return;
  const sum = place(into.state, fact.keys.state, sums.states, () => {
    return { month, district, state, patches: 0, areaM2: 0, overdue: 0, warned: 0 };
  });
  sum.patches++;
  sum.areaM2 += areaM2;
  if (fact.warned) sum.warned++;
  if (outcome !== 'open') return;
  if (dueAt !== null && dueAt < now) sum.overdue++;
  if (month !== to) return;
  const hour = since.slice(0, 13);
  place(into.waiting, `${state} ${hour}`, sums.waiting, () => ({ state, since: hour, patches: 0 })).patches++;
}

const outcomes = new Map<string, string>();

function outcomeOf(state: string): string {
  const { outcome } = stateOf('patch', state);
  outcomes.set(state, outcome);
  return outcome;
}

function addReported(sums: Sums, into: Places, fact: PatchFact, last: string): void {
  const { counted, district, detected, dismissedFor } = fact;
  if (fact.inBase) {
    addCounts(sums.byMonth, counted, fact);
    if (counted === last) addCounts(sums.byCounty, district.slice(0, 6), fact);
  }
  if (dismissedFor !== null) {
    const setAside = SET_ASIDE.includes(dismissedFor);
    place(into.causes, dismissedFor, sums.causes, () => ({ reason: dismissedFor, patches: 0, setAside })).patches++;
  }
  if (detected === null) return;
  const { type, verdict } = detected;
  const sum = place(into.reviewed, fact.keys.reviewed, sums.reviewed, () => {
    return { month: counted, type, found: 0, confirmed: 0, falseOnes: 0, setAside: 0 };
  });
  sum.found++;
  if (verdict === 'confirmed') sum.confirmed++;
  if (verdict === 'false') sum.falseOnes++;
  if (verdict === 'set-aside') sum.setAside++;
}

function addCounts(counts: Map<string, ReportCounts>, key: string, fact: PatchFact): void {
  const own = counts.get(key) ?? { base: 0, baseM2: 0, done: 0, violations: 0, rectified: 0 };
  counts.set(key, own);
  own.base++;
  own.baseM2 = rounded(own.baseM2 + fact.baseM2);
  if ((outcomes.get(fact.state) ?? outcomeOf(fact.state)) !== 'open') own.done++;
  if (fact.violation) own.violations++;
  if (fact.rectified) own.rectified++;
}

/** Gauges are sums over patches of one standing, so the sum of these patches does as well as they. */
function addLand(sums: Sums, into: Places, { keys, alone }: PatchFact, row: GaugeRow, isInWindow: boolean): void {
  const standing = standingOf(row);
  if (standing === 'none') return;
  if (isInWindow && alone !== null) addAlone(sums, alone, row);
  if (isInWindow && isActorKnown(row)) sums.known.push(row);
  if (!row.byNewConstruction || row.farmlandM2 === 0) return;
  const sum = place(into.land, keys.land, sums.land, () => {
    return { ...row, areaM2: 0, farmlandM2: 0, basicFarmlandM2: 0, restoredM2: 0 };
  });
  sum.areaM2 += row.areaM2;
  sum.farmlandM2 += row.farmlandM2;
  sum.basicFarmlandM2 += row.basicFarmlandM2;
  sum.restoredM2 += Math.min(row.restoredM2, row.farmlandM2);
}

/** The gravest are kept, in the order of the radar; all are counted. */
function addAlone({ alone }: Sums, { level, totalM2 }: Alone, row: GaugeRow): void {
  alone.counts[level]++;
  const { gravest } = alone;
  const one = { row, rank: RANKS[level], totalM2 };
  if (gravest.length === standardDashboard.radarShown && order(one, gravest.at(-1)!) >= 0) return;
  const after = gravest.findIndex((other) => order(one, other) < 0);
  gravest.splice(after < 0 ? gravest.length : after, 0, one);
  if (gravest.length > standardDashboard.radarShown) gravest.pop();
}

interface Grave {
  row: GaugeRow;
  rank: number;
  totalM2: number;
}

const RANKS: Record<Alone['level'], number> = { review: 0, possible: 1, near: 2 };

function order(a: Grave, b: Grave): number {
  return a.rank - b.rank || b.totalM2 - a.totalM2 || (a.row.number < b.row.number ? -1 : 1);
}
