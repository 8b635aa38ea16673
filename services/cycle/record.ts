import type { SetAnchor } from '../audit/set-anchor.ts';
import type { ClosedReports } from '../reports/facts.ts';
import type { CarryOver } from './carry-over.ts';
import type { CountyReturn } from './county-return.ts';
import type { FigureSet } from './figure-set.ts';
import type { MonthRow } from './month-row.ts';
import type { DispatchMeeting, WeeklyNotice } from './notices.ts';
import type { Opening } from './open.ts';

/** All that a closed month says, for ever. Stored as canonical JSON; never read from other tables again. */
export interface MonthRecord {
  edition: 'month-1';
  month: string;
  openedAt: string;
  openedBy: string;
  closedAt: string;
  closedBy: string;
  opening: Opening;
  /** Runs of the month by its closing. */
  runs: Opening['runs'];
  /** Where the log stood: the figures can be drawn up again from it, and who holds the paper holds an anchor of it. */
  log: SetAnchor;
  simulated: boolean;
  names: Record<string, string>;
  /** What could be seen of each district, m²; violation rates over ground are over what was observed. */
  observed: { district: string; totalM2: number; observedM2: number; violationShare: number | null }[];
  figures: FigureSet;
  carry: CarryOver;
  tasks: RecordedTask[];
  returns: CountyReturn[];
  notices: WeeklyNotice[];
  meetings: DispatchMeeting[];
  rows: MonthRow[];
  /** What the month's reports are drawn from; absent in records of before. */
  reports?: ClosedReports;
}

export interface RecordedTask {
  number: string;
  patch: string;
  district: string;
  kind: 'task' | 'in-doubt';
  round: number;
  dueAt: string;
  issuedAt: string;
  issuedBy: string;
  /** JSON of EvidenceReference. */
  evidence: unknown;
}
