import type { FarmlandForecast } from '../gauges/farmland-forecast.ts';
import type { FarmlandGauge } from '../gauges/farmland-gauge.ts';
import type { Range } from '../gauges/range.ts';
import type { RadarEntry } from '../gauges/threshold-radar.ts';
import type { Label } from '../lifecycle/label.ts';
import type { Stage } from '../lifecycle/transition-row.ts';
import type { Ranked, Scored } from '../reports/ranking.ts';

/** What the dashboard shows: areas m² on the ellipsoid and 亩, shares 0–1, days as days and their parts. */
export interface Dashboard {
  month: string;
  /** District code prefix; '' = all. */
  district: string;
  /** UTC: what overdue and waiting refer to. */
  at: string;
  /** The state of the store that all of it is read from. */
  snapshot: string;
  status: MonthStatus;
  /** Of districts, by code. */
  names: Record<string, string>;
  target: number;
  funnel: Funnel;
  counties: CountyFigures[];
  trend: TrendMonth[];
  gauge: GaugeFigures;
  radar: RadarFigures;
  coverage: CoverageFigures;
  precision: PrecisionFigures;
  backlog: BacklogFigures;
}

/** unknown: neither run nor opened, and nothing found: not the same as nothing there. */
export type MonthStatus = 'closed' | 'open' | 'unknown';

export interface Amount {
  patches: number;
  areaM2: number;
  areaMu: number;
}

/** found = open + resolved + dismissed; overdue ≤ open; warned cuts across them, as in the month's table. */
export interface Funnel {
  found: Amount;
  /** Those for which a task was ever sent out. */
  warned: number;
  /** Those in a state past the task's going out; the same number, unless a task was taken back. */
  pastWarning: number;
  open: Amount;
  overdue: number;
  resolved: Amount;
  dismissed: Amount;
  stages: { stage: Stage; open: Amount; overdue: number; states: WaitingState[] }[];
}

/** An open state and who waits in it. */
export interface WaitingState extends Amount {
  state: string;
  label: Label;
  overdue: number;
  /** Since it came into the state; null where nobody waits. */
  medianDays: number | null;
  longestDays: number | null;
}

/** Counts of the month's table. */
export interface MonthCounts {
  found: number;
  warned: number;
  open: number;
  overdue: number;
  resolved: number;
  dismissed: number;
  areaM2: number;
}

/** Of the month's report: what was sent down (核查基数), of it done, breaches, of them put right. */
export interface ReportCounts {
  base: number;
  baseM2: number;
  done: number;
  violations: number;
  rectified: number;
}

export interface CountyFigures extends MonthCounts, ReportCounts {
  district: string;
  name: string;
  /** done / base. */
  clearance: number | null;
  /** rectified / violations. */
  rectifiedRate: number | null;
  rank: number | null;
  why: Ranked<Scored>['why'];
}

/** Null figures: the month is unknown. */
export interface TrendMonth {
  month: string;
  status: MonthStatus;
  counts: (MonthCounts & ReportCounts) | null;
  observedFraction: number | null;
}

export interface GaugeEntry extends Omit<FarmlandGauge, 'patches' | 'year'> {
  name: string;
  forecast: FarmlandForecast | null;
}

export interface GaugeFigures {
  year: string;
  line: number;
  near: number;
  /** First and last month with a finished run; null: nothing is known. */
  known: { from: string; to: string } | null;
  total: GaugeEntry;
  districts: GaugeEntry[];
}

export interface RadarFigures {
  from: string;
  to: string;
  basicFarmlandMu: number;
  otherFarmlandMu: number;
  /** Of all, not only of those listed. */
  counts: Record<RadarEntry['level'], number>;
  /** The gravest first. */
  entries: (Omit<RadarEntry, 'patches' | 'from' | 'to' | 'names'> & { label: Label })[];
}

export interface Seen {
  totalM2: number;
  observedM2: number;
  cloudM2: number;
  noImageM2: number;
}

export interface CoverageFigures {
  /** Null: no finished run looked. Not the sum of the districts where one of them was not looked at. */
  total: Seen | null;
  /** In order of code; `seen` is null where no finished run looked. */
  districts: { district: string; name: string; seen: Seen | null }[];
}

export interface Reliability {
  found: number;
  confirmed: number;
  falseOnes: number;
  setAside: number;
  /** confirmed + false. */
  judged: number;
  /** confirmed / judged; null of nothing. */
  precision: number | null;
  interval: Range | null;
  /** Enough judged for the share to say something. */
  enough: boolean;
}

export interface PrecisionFigures {
  leastJudged: number;
  /** Of the intervals, in deviations: 1.96 is 95 %. */
  confidence: number;
  total: Reliability;
  types: (Reliability & { type: string })[];
  months: (Reliability & { month: string })[];
  cells: (Reliability & { month: string; type: string })[];
  /** Why those that were no change were dismissed, the most frequent first; set aside ones too. */
  causes: { reason: string; label: Label; patches: number; setAside: boolean }[];
}

export interface BacklogFigures {
  total: Amount;
  overdue: number;
  /** Open patches by the month in which they were found, the oldest first. */
  months: (Amount & { month: string; ageMonths: number; overdue: number })[];
}
