import type { LoggedEvent } from '../lifecycle/projection.ts';

/** One patch as the figures of a month see it. All that DOMAIN §8 adds up is read off these rows. */

/**
 * Where a row stands in its family. original: neither split nor merged; has-been-split, has-been-merged: was issued as
 * it was, its pieces or what it was merged into stand for it; split-piece, merged: came out of others and stands for
 * itself; split-again: came out of others, and others stand for it.
 */
export type Lineage = 'original' | 'has-been-split' | 'has-been-merged' | 'split-piece' | 'merged' | 'split-again';

/** How a breach was put right, m² of violation area: 拆除复耕, 补办, 没收. A patch may be put right in several ways. */
export interface Remedy {
  demolishedM2: number;
  regularisedM2: number;
  confiscatedM2: number;
}

/** Where the record stands on its way up: 未上报, 待市级审核, 待省级审核, 被打回, 审核结束. */
export type ReviewStage = 'not-reported' | 'waiting-city' | 'waiting-province' | 'returned' | 'ended';

/** A legal matter that covers the patch, as its log says. */
export interface CaseFacts {
  id: string;
  version: number;
  state: string;
  /** Level that filed it, or null where it has not been filed. */
  filedLevel: string | null;
  closed: boolean;
  /** A step came after its due date, or one is overdue now. */
  late: boolean;
  handOverDue: boolean;
  handedOver: boolean;
  receipts: number;
}

export interface MonthRow {
  patchId: string;
  number: string;
  /** Month in which it was found. */
  found: string;
  district: string;
  /** m² on the ellipsoid, to 0.01, as all areas here. */
  areaM2: number;
  /** The patch that its family goes by, one that came out of no other; its own id where it has no family. */
  rootId: string;
  parentId: string | null;
  /** Of a merged one: those it was merged from. */
  mergedFrom?: string[];
  lineage: Lineage;
  /** Whether its family was sent down, as a task of a month or by a person alone (step warn). */
  issued: boolean;
  /** Numbers of the tasks it was sent as. */
  tasks: string[];
  state: string;
  version: number;
  dueAt: string | null;
  /** What the rules made of it, as opinion or opinion:kind. */
  opinion: string | null;
  /** What a person judged it to be. */
  judgement: string | null;
  /** A person judged it a breach; what rules suspect is not yet one. */
  violation: boolean;
  violationM2: number;
  /** Who says how large the breach is; patch: nobody, so the whole patch. */
  violationBy: 'person' | 'rules' | 'patch' | null;
  remedy: Remedy;
  remainingM2: number;
  review: ReviewStage;
  /** Review of the closure (销号审核) ended well. */
  cleared: boolean;
  everReported: boolean;
  everReturned: boolean;
  /** Review confirmed a breach and it is not being put right before filing: a case is due. */
  caseDue: boolean;
  cases: CaseFacts[];
}

/** What of an event the rows are read from. */
export type RowEvent = LoggedEvent & { seq: number };

/** To 0.01 m²: sums of such figures are the same in any order. */
export function rounded(m2: number): number {
  return Math.round(m2 * 100) / 100;
}

/** The sum of figures that are given to 0.01, exactly. */
export function sumM2(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.round(value * 100), 0) / 100;
}
