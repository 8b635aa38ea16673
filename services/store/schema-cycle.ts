import type { Generated } from 'kysely';

/** Tables of the monthly cycle. Rows of all of them are written once and never changed. */
export interface CycleTables {
  month_steps: MonthStepTable;
  month_tasks: MonthTaskTable;
  closed_months: ClosedMonthTable;
  month_corrections: MonthCorrectionTable;
}

/** What was begun and ended of a month: its record opened, a round of tasks planned, that round all sent. */
export interface MonthStepTable {
  seq: Generated<number>;
  month: string;
  step: 'open' | 'plan-issue' | 'end-issue';
  /** 0 = the opening; rounds of tasks count from 1. */
  round: number;
  at: string;
  actor: string;
  /** JSON of services/cycle Opening, IssuePlan or IssueEnd. */
  contentJson: string;
}

/** A task (任务) sent to a district: one patch, with the opinion and the date it was sent with. */
export interface MonthTaskTable {
  /** District (6) + year (4) + month (2) + T + sequence (4 or more); unique for ever. */
  number: string;
  month: string;
  /** Six digits: who the numbers count for. */
  office: string;
  seq: number;
  round: number;
  district: string;
  patchId: string;
  /** Of the patch, once warned: a patch refused and sent again is another task. */
  patchVersion: number;
  kind: 'task' | 'in-doubt';
  /** Null where no rules had judged the patch. */
  opinionId: string | null;
  /** JSON of services/cycle EvidenceReference. */
  evidenceJson: string;
  /** UTC. */
  dueAt: string;
  issuedAt: string;
  issuedBy: string;
}

/** A closed month as it was reported: the bytes that are printed for ever. */
export interface ClosedMonthTable {
  month: string;
  closedAt: string;
  closedBy: string;
  /** Canonical JSON of services/cycle MonthRecord, and its sha256. */
  json: string;
  sha256: string;
  /** The same for readers, as it was put into words then, and its sha256. */
  text: string;
  textSha256: string;
}

/** What turned out different after a month was closed: as reported, as now, and why. */
export interface MonthCorrectionTable {
  seq: Generated<number>;
  month: string;
  /** Counts within the month from 1. */
  entry: number;
  at: string;
  actor: string;
  reason: string;
  /** JSON of services/cycle Correction. */
  contentJson: string;
}
