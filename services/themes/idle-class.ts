import type { ChangeType } from '../../detectors/change-type.ts';
import type { Label } from '../lifecycle/label.ts';
import { changedBetween, type Gap, type PlaceSignal, unobserved } from './place-signal.ts';

/** Land that was approved for building, as papers say. Dates YYYY-MM-DD; null = the papers do not say. */
export interface IdleParcel {
  zoneId: string;
  /** Day it was supplied (供地) to a user; null = approved and not supplied (批而未供). */
  supplied: string | null;
  /** Day on which work was to begin, by contract or decision of allotment. */
  agreedStart: string | null;
  /** 净地: nothing stands in the way of building. */
  clear: boolean | null;
  /** Whether the delay is the government's doing (plan changed, land not handed over, …). */
  governmentCause: boolean | null;
  /** Invested of what was agreed, 0–1. */
  investedShare: number | null;
  /** Day on which work began, as established on site; overrules what images show. */
  startedOn: string | null;
}

export type IdleSide = 'government' | 'market-not-clear' | 'market-clear' | 'unknown';

export type IdleState =
  | 'not-supplied'
  | 'not-due'
  | 'idle-not-started'
  | 'idle-stopped'
  | 'started'
  | 'unobserved'
  /** Something changed that may be work, and nobody has told what it is. */
  | 'unclear'
  | 'start-unknown';

export interface IdleClass {
  /** Whose turn it is, as the plan sorts idle land; said of every parcel, idle or not. */
  side: IdleSide;
  state: IdleState;
  /** First day on which it counts as idle, where it does. */
  idleSince: string | null;
  /** Share of the parcel seen to be developed since the agreed start: at least so much. */
  developedShare: number;
  /** Stretches nobody saw that keep the state open. */
  gaps: Gap[];
  because: Label;
}

/** The test of 闲置土地处置办法 (DOMAIN §4) and what a change must be to count as work. */
const idleTest = {
  edition: 'idle-2',
  /** Developed below this share of the area, or invested below that, and stopped for a year. */
  leastDeveloped: 1 / 3,
  leastInvested: 0.25,
  years: 1,
  /** Share of the parcel that must have changed before one speaks of work begun: less is a hut or a heap. */
  begun: 0.05,
  /** A look counts for the whole parcel when it saw this share of it. */
  leastObserved: 0.9,
  workTypes: ['built', 'road', 'bare', 'solar'] as ChangeType[],
  /** What may be work: as much of it as would be work begun leaves the state open. */
  unclearTypes: ['unknown'] as ChangeType[],
};

/**
 * Whether a parcel lies idle, on the day `today`. Never 'idle-not-started' or 'idle-stopped' where the time in question
 * was not seen from end to end: that is 'unobserved', with its gaps; nor where a change nobody could name may be work.
 */
export function idleClass(
  parcel: IdleParcel,
  signals: readonly PlaceSignal[],
  today: string,
  test: typeof idleTest = idleTest,
): IdleClass {
  const side = sideOf(parcel);
  const of = (state: IdleState, zh: string, en: string, more: Partial<IdleClass> = {}): IdleClass => {
    return { side, state, idleSince: null, developedShare: 0, gaps: [], because: { zh, en }, ...more };
  };
  if (parcel.supplied === null) return of('not-supplied', '已批准，尚未供地', 'approved, not supplied');
  const start = parcel.agreedStart;
  if (start === null)
    return of('start-unknown', '未载明约定动工日期，无法认定', 'no agreed start on file: it cannot be tested');
  const due = yearsAfter(start, test.years);
  if (today < due)
    return of('not-due', `约定动工 ${start}，未满一年`, `less than a year past the agreed start ${start}`);
  const own = signals.filter(({ zoneId }) => zoneId === parcel.zoneId);
  // Who began early began as well.
  const from = parcel.supplied < start ? parcel.supplied : start;
  const developedShare = changedBetween(own, test.workTypes, from, today);
  const startedOn = parcel.startedOn ?? (developedShare >= test.begun ? 'seen' : null);
  if (startedOn !== null) return stopped(parcel, own, { from, today }, developedShare, test, of);
  const gaps = unobserved(own, from, today, test.leastObserved);
  if (gaps.length > 0)
    return of('unobserved', '有时段未观测，不得认定未动工', 'not seen throughout: it cannot be called not started', {
      developedShare,
      gaps,
    });
  if (changedBetween(own, test.unclearTypes, from, today) >= test.begun) return unclear(of, developedShare);
  return of(
    'idle-not-started',
    `约定动工 ${start}，逾一年未动工`,
    `not started a year past the agreed start ${start}`,
    {
      developedShare,
      idleSince: due,
    },
  );
}

type Of = (state: IdleState, zh: string, en: string, more?: Partial<IdleClass>) => IdleClass;

/** Begun: idle only when too little was done and nothing more for a year, all of which was seen. */
function stopped(
  { startedOn, investedShare }: IdleParcel,
  signals: readonly PlaceSignal[],
  { from, today }: { from: string; today: string },
  developedShare: number,
  test: typeof idleTest,
  of: Of,
): IdleClass {
  const percent = `${(100 * developedShare).toFixed(0)} %`;
  const little = developedShare < test.leastDeveloped;
  const poor = investedShare !== null && investedShare < test.leastInvested;
  if (!little && !poor)
    return of('started', `已动工，已开发约 ${percent}`, `started, about ${percent} developed`, { developedShare });
  const lastWork = signals
    .filter((signal) => changedBetween([signal], test.workTypes, from, today) > 0)
    .reduce((last, { until }) => (until > last ? until : last), startedOn ?? from);
  const idleSince = yearsAfter(lastWork, test.years);
  if (idleSince > today) return of('started', '近一年仍在施工', 'work went on within the year', { developedShare });
  // Too little seen built says something only where all was seen: the rest may have been built under cloud.
  const gaps = unobserved(signals, poor ? lastWork : from, today, test.leastObserved);
  if (gaps.length > 0)
    return of('unobserved', '有时段未观测，不得认定停工', 'not seen throughout: it cannot be called stopped', {
      developedShare,
      gaps,
    });
  if (changedBetween(signals, test.unclearTypes, lastWork, today) >= test.begun) return unclear(of, developedShare);
  const zh = poor ? '投资额不足 25 %' : '开发面积不足三分之一';
  const en = poor ? 'less than 25 % invested' : 'less than a third of the area developed';
  return of('idle-stopped', `${zh}且停工满一年`, `${en}, and work stopped for a year`, { developedShare, idleSince });
}

function unclear(of: Of, developedShare: number): IdleClass {
  const en = 'it changed into something not told yet: whether that is work must be looked at';
  return of('unclear', '有变化但类型未判，须核实是否动工', en, { developedShare });
}

function sideOf({ supplied, clear, governmentCause }: IdleParcel): IdleSide {
  if (supplied === null || governmentCause === true) return 'government';
  if (clear === null) return 'unknown';
  return clear ? 'market-clear' : 'market-not-clear';
}

/** The same day `years` later; 29 February becomes 1 March where there is none. */
function yearsAfter(day: string, years: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString().slice(0, 10);
}
