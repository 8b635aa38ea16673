import { stateOf } from '../lifecycle/transitions.ts';
import { type CaseFacts, type MonthRow, type Remedy, type ReviewStage, sumM2 } from './month-row.ts';

/** The figures of DOMAIN §8 over any rows; pure. Counts are of patches, areas m² to 0.01, rates 0-1 (null: of nothing). */

export interface Share {
  of: number;
  count: number;
  rate: number | null;
}

export interface CountAndArea {
  count: number;
  areaM2: number;
}

export const COMBINATIONS = [
  '拆除复耕',
  '补办',
  '没收',
  '拆除复耕+补办',
  '拆除复耕+没收',
  '补办+没收',
  '拆除复耕+补办+没收',
] as const;
export type Combination = (typeof COMBINATIONS)[number];

export interface Figures {
  /** Rows of the month, sent down or not, pieces included. */
  rows: number;
  /** 原始下发: original, or has been split or merged. */
  issued: CountAndArea;
  /** 核查基数: original, split piece or merged. */
  base: CountAndArea;
  /** Found, never sent down: dismissed before, not yet sent, or replaced by what was split off or merged. */
  notIssued: { dismissed: number; pending: number; replaced: number };
  /** Of the base: open, resolved or dismissed. */
  outcomes: { open: number; resolved: number; dismissed: number };
  /** A person judged it a breach. areaM2: of the breach; patchAreaM2: of the patches. */
  violations: CountAndArea & { patchAreaM2: number };
  rectified: CountAndArea;
  notRectified: CountAndArea;
  combinations: Record<Combination, CountAndArea>;
  /** Put right by each way, m², of the rectified. */
  ways: Remedy;
  /** 移送: breaches covered by a case that was handed over; counted apart. */
  handedOver: number;
  review: Record<ReviewStage, number>;
  reportedRate: Share;
  errorRate: Share;
  rates: ThreeRates;
  /** Violation area / area of the base. */
  violationRate: number | null;
}

/** 三率. */
export interface ThreeRates {
  /** 分级全立案: breaches that are due a case and lie in one that was filed; by level of the filing. */
  filed: Share & { byLevel: Record<'county' | 'city' | 'province' | 'unknown', number> };
  /** 限期全结案: of the cases filed that are closed or late, those closed with no step late. */
  closedInTime: Share & { cases: number; closedLate: number; openLate: number; running: number };
  /** 依法全移交: of the cases that are due to be handed over, those that were; receipts of these. */
  handedOver: Share & { receipts: number };
}

export function figuresOf(rows: readonly MonthRow[]): Figures {
  const issuedRows = rows.filter(({ issued }) => issued);
  const issued = issuedRows.filter(({ lineage }) => lineage === 'original' || lineage.startsWith('has-been-'));
  const base = baseOf(rows);
  const violations = base.filter(({ violation }) => violation);
  const rectified = violations.filter(isRectified);
  const notIssued = rows.filter((row) => !row.issued);
  const replaced = notIssued.filter(isReplaced).length;
  const dismissed = notIssued.filter((row) => outcomeOf(row) === 'dismissed' && !isReplaced(row)).length;
  const review = countBy(
    base,
    ['not-reported', 'waiting-city', 'waiting-province', 'returned', 'ended'],
    (r) => r.review,
  );
  const breachM2 = sumM2(violations.map(({ violationM2 }) => violationM2));
  const baseM2 = sumM2(base.map(({ areaM2 }) => areaM2));
  const everReported = base.filter((row) => row.everReported).length;
  return {
    rows: rows.length,
    issued: { count: issued.length, areaM2: sumM2(issued.map(({ areaM2 }) => areaM2)) },
    base: { count: base.length, areaM2: baseM2 },
    notIssued: { dismissed, pending: notIssued.length - dismissed - replaced, replaced },
    outcomes: countBy(base, ['open', 'resolved', 'dismissed'], outcomeOf),
    violations: {
      count: violations.length,
      areaM2: breachM2,
      patchAreaM2: sumM2(violations.map(({ areaM2 }) => areaM2)),
    },
    rectified: breaches(rectified),
    notRectified: breaches(violations.filter((row) => !isRectified(row))),
    combinations: combinations(rectified),
    ways: ways(rectified),
    handedOver: violations.filter(({ cases }) => cases.some((one) => one.handedOver)).length,
    review,
    reportedRate: share(base.length - review['not-reported'], base.length),
    errorRate: share(base.filter((row) => row.everReturned).length, everReported),
    rates: threeRates(violations),
    violationRate: baseM2 === 0 ? null : breachM2 / baseM2,
  };
}

/** The verified base: what was sent down, in the place of what was split or merged what came of it. */
export function baseOf(rows: readonly MonthRow[]): MonthRow[] {
  return rows.filter((row) => row.issued && !isReplaced(row));
}

/** Whether others stand for it. */
export function isReplaced({ lineage }: Pick<MonthRow, 'lineage'>): boolean {
  return lineage.startsWith('has-been-') || lineage === 'split-again';
}

/** Remaining area 0 and the review of the closure ended; under any review it counts as not rectified. */
export function isRectified({ violation, remainingM2, cleared }: MonthRow): boolean {
  return violation && remainingM2 === 0 && cleared;
}

/** The ways by which it was put right, all of them; null where none is on record. */
export function combinationOf({ remedy }: Pick<MonthRow, 'remedy'>): Combination | null {
  const { demolishedM2, regularisedM2, confiscatedM2 } = remedy;
  const names = [demolishedM2 > 0 && '拆除复耕', regularisedM2 > 0 && '补办', confiscatedM2 > 0 && '没收'];
  return (names.filter((name) => name !== false).join('+') || null) as Combination | null;
}

export function outcomeOf({ state }: Pick<MonthRow, 'state'>) {
  return stateOf('patch', state).outcome;
}

export function share(count: number, of: number): Share {
  return { of, count, rate: of === 0 ? null : count / of };
}

function combinations(rectified: readonly MonthRow[]): Record<Combination, CountAndArea> {
  const of = (name: Combination) => breaches(rectified.filter((row) => combinationOf(row) === name));
  return Object.fromEntries(COMBINATIONS.map((name) => [name, of(name)])) as Record<Combination, CountAndArea>;
}

function ways(rectified: readonly MonthRow[]): Remedy {
  const sum = (name: keyof Remedy) => sumM2(rectified.map(({ remedy }) => remedy[name]));
  return {
    demolishedM2: sum('demolishedM2'),
    regularisedM2: sum('regularisedM2'),
    confiscatedM2: sum('confiscatedM2'),
  };
}

function breaches(rows: readonly MonthRow[]): CountAndArea {
  return { count: rows.length, areaM2: sumM2(rows.map(({ violationM2 }) => violationM2)) };
}

function threeRates(violations: readonly MonthRow[]): ThreeRates {
  const due = violations.filter(({ caseDue }) => caseDue);
  const levels = due.map(({ cases }) => cases.find(({ filedLevel }) => filedLevel !== null)?.filedLevel ?? null);
  const filed = levels.filter((level) => level !== null);
  const cases = casesOf(violations);
  const everFiled = cases.filter(({ filedLevel }) => filedLevel !== null);
  const count = (closed: boolean, late: boolean) =>
    everFiled.filter((one) => one.closed === closed && one.late === late).length;
  const [inTime, closedLate, openLate, running] = [
    count(true, false),
    count(true, true),
    count(false, true),
    count(false, false),
  ];
  const toHandOver = cases.filter(({ handOverDue, handedOver }) => handOverDue || handedOver);
  return {
    filed: {
      ...share(filed.length, due.length),
      byLevel: countBy(filed, ['county', 'city', 'province', 'unknown'], (level) =>
        level === 'county' || level === 'city' || level === 'province' ? level : 'unknown',
      ),
    },
    closedInTime: {
      ...share(inTime, everFiled.length - running),
      cases: everFiled.length,
      closedLate,
      openLate,
      running,
    },
    handedOver: {
      ...share(toHandOver.filter(({ handedOver }) => handedOver).length, toHandOver.length),
      receipts: toHandOver.reduce((sum, { receipts }) => sum + receipts, 0),
    },
  };
}

/** Each case once, as the row that saw it latest has it. */
function casesOf(rows: readonly MonthRow[]): CaseFacts[] {
  const cases = new Map<string, CaseFacts>();
  for (const one of rows.flatMap((row) => row.cases)) {
    const known = cases.get(one.id);
    if (known === undefined || known.version <= one.version) cases.set(one.id, one);
  }
  return [...cases.values()];
}

function countBy<T, K extends string>(rows: readonly T[], keys: readonly K[], keyOf: (row: T) => K): Record<K, number> {
  const counts = Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
  for (const row of rows) counts[keyOf(row)]++;
  return counts;
}
