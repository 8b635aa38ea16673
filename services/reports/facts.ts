import type { Check } from '../cycle/checks.ts';
import type { CountAndArea, Figures } from '../cycle/figures.ts';
import type { Grade } from '../deadlines/grade.ts';
import type { FirstFinder } from '../field/clues/first-finder.ts';
import type { FarmlandGrade } from '../gauges/farmland-gauge.ts';
import type { FloorGrade, FloorLand } from '../gauges/floor-gauge.ts';
import type { Range } from '../gauges/range.ts';
import type { ReportParameters } from './parameters.ts';
import type { ReportKind } from './period.ts';

/**
 * All numbers of a report, as they stood at one moment: JSON, so that a closed month keeps them with its record and its
 * reports are drawn from there alone. Areas m², rates 0-1.
 */
export interface PeriodFacts {
  edition: 'facts-1';
  kind: ReportKind;
  name: string;
  from: string;
  to: string;
  /** UTC. */
  at: string;
  parameters: ReportParameters;
  /** '' first, then provinces (2), prefectures (4) and counties (6) with something on record, in order of code. */
  scopes: ScopeFacts[];
  /** Entries made to closed months of the period; of a month, to any since the month before was closed. */
  corrections: CorrectionFacts[];
}

export interface ScopeFacts {
  /** Administrative code; '' = the whole. */
  code: string;
  name: string;
  figures: Figures;
  checks: Check[];
  headline: Headline;
  lastYear: LastYear;
  /** The same figures of the whole province, by name, as people entered them for the year; {} = none. */
  province: Partial<Record<HeadlineName, number>>;
  months: MonthFacts[];
  deadlines: DeadlineFacts;
  farmland: FarmlandFacts;
  floors: FloorFacts[];
  imagery: ImageryFacts[];
  precision: PrecisionFacts[];
  causes: { code: string; count: number }[];
  finders: FinderFacts[];
  carry: CarryFacts;
}

/** DOMAIN §8's headline row: of the families sent down (found: also those that were not). */
export interface Headline {
  found: number;
  issued: number;
  monitoredM2: number;
  farmlandM2: number;
  basicFarmlandM2: number;
}
export type HeadlineName = keyof Headline;

/** Null where last year has no data, and why: never 0. */
export type LastYear =
  | { name: string; headline: Headline; asReported: boolean }
  | { name: string | null; why: 'no-data' | 'term' };

export interface MonthFacts {
  month: string;
  /** closed: the figures are those of its record. unknown: neither run nor opened, and nothing found: not the same as 0. */
  status: 'closed' | 'open' | 'unknown';
  /** Null where unknown. */
  figures: MonthFigures | null;
  /** As the correction entries have it now; null where there are none. */
  corrected: (MonthFigures & { entries: number }) | null;
}

export interface MonthFigures {
  issued: CountAndArea;
  violations: CountAndArea;
  rectified: CountAndArea;
}

export interface DeadlineFacts {
  grades: Record<Grade, number>;
  paused: number;
}

export interface FarmlandFacts {
  year: string;
  illegalM2: number;
  lawfulM2: number;
  openM2: number;
  restoredM2: number;
  takenM2: number;
  ratio: Range | null;
  byOpinion: number | null;
  grade: { low: FarmlandGrade; high: FarmlandGrade } | null;
}

export interface FloorFacts {
  code: string;
  land: FloorLand;
  floorM2: number;
  keptM2: Range;
  margin: Range;
  grade: { low: FloorGrade; high: FloorGrade };
}

/** A month of a county or of the scope itself, in which a scene counts once; coverage is null where no run looked. */
export interface ImageryFacts {
  month: string;
  code: string;
  received: number;
  processed: number;
  used: number;
  coverage: { totalM2: number; observedM2: number; cloudM2: number; noImageM2: number } | null;
}

/** Patches that people have reviewed, by what the detector said they were. */
export interface PrecisionFacts {
  month: string;
  type: string;
  detector: string;
  found: number;
  confirmed: number;
  falseOnes: number;
  /** Duplicates and errors of the base map: no fault of the detector, and no proof for it. */
  setAside: number;
}

export interface FinderFacts {
  by: FirstFinder['foundBy'];
  /** Stopped, still going on, and ended as nothing: together the places. */
  places: number;
  stopped: number;
  goingOn: number;
  nothing: number;
  /** Median days from onset to found, at least and at most; null where nobody knows of any. */
  daysAtLeast: number | null;
  daysAtMost: number | null;
  known: number;
  /** Median days from found to stopped. */
  daysToStop: number | null;
}

export interface CarryFacts {
  in: number;
  ended: number;
  open: number;
  taken: number;
  split: number;
  joined: number;
  own: number;
  out: number;
}

export interface CorrectionFacts {
  month: string;
  entry: number;
  at: string;
  actor: string;
  reason: string;
  numbers: string[];
  /** Headline figures that it moved: district ('' = whole), path, as reported, as now. */
  moved: { code: string; figure: string; asReported: number | null; asNow: number | null }[];
}

/** District outlines for drawing, and where the patches of a month lie. */
export interface MapFacts {
  /** Shells only, lon/lat to 1e-5, thinned to what a page can show. */
  outlines: { code: string; name: string; rings: [lon: number, lat: number][][] }[];
  points: { code: string; lon: number; lat: number; kind: 'breach' | 'put-right' | 'other' }[];
}

/** What a closed month's record keeps for its reports: to its end, so that of a quarter's or year's last month is all of it. */
export interface ClosedReports {
  month: PeriodFacts;
  quarter: PeriodFacts;
  year: PeriodFacts;
  map: MapFacts;
}
