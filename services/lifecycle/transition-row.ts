import type { DueRule } from './deadline.ts';
import type { Label } from './label.ts';
import type { ReasonList } from './reasons.ts';

/** The vocabulary in which the transition tables are written; the tables are data, this is their shape. */

export type Subject = 'patch' | 'case';

/**
 * The three columns of the monthly board. find 月发现: not yet anyone's task. warn 月预警: the task is out
 * and not yet concluded by review. resolve 月处置: concluded, and being put right or done.
 */
export type Stage = 'find' | 'warn' | 'resolve';

/**
 * What a state means in the figures. open: something is still to be done. resolved: ended as a true
 * change. dismissed: ended as no matter for anyone (false change, base-map error, case not filed).
 * replaced: other patches stand for it (split, merged), so it counts in none of the others.
 */
export type Outcome = 'open' | 'resolved' | 'dismissed' | 'replaced';

export interface State {
  name: string;
  label: Label;
  stage: Stage;
  outcome: Outcome;
}

/** What must be handed in with a step; see needs.ts for the form of each. */
export type Need =
  | 'reason'
  | 'note'
  | 'evidence'
  | 'judgement'
  | 'department'
  | 'caseId'
  | 'level'
  | 'receiver'
  | 'extension'
  | 'remedy'
  | 'cause'
  | 'assignee'
  | 'occupierId';

/** What may be handed in beside it, and a form asks for; see needs.ts. */
export type Ask = 'violationM2' | 'restoredM2' | 'occupier' | 'stopped';

/**
 * What a step does to the due date. A rule sets a new one; none: the state waits for nobody; keep: as it
 * was; extend: the old one plus payload.extension, or else what was asked for; pause: the clock stops;
 * resume: the old one plus the days it stood still; recount: the same, counted on today's calendar;
 * undo: as it was before the step that is undone.
 */
export type DueEffect = DueRule | 'none' | 'keep' | 'extend' | 'pause' | 'resume' | 'recount' | 'undo';

export type Level = 'town' | 'county' | 'city' | 'province';
export type Role = 'system' | 'field' | 'handler' | 'reviewer';

/** The least that may take the step. Data only: access control enforces it. */
export interface Authority {
  level: Level;
  role: Role;
}

export interface Transition {
  action: string;
  label: Label;
  /** Names of states; empty = the step that opens the record. */
  from: readonly string[];
  /** Name of a state; null = the state stays what it is. */
  to: string | null;
  due: DueEffect;
  who: Authority;
  needs: readonly Need[];
  asks: readonly Ask[];
  /** The list `reason` is taken from; given exactly when needs has 'reason'. */
  reasons?: ReasonList;
  /** Only where the latest judgement leads there; see judgements.ts. */
  judgedTo?: 'close' | 'rectify';
  /** Only while the clock stands still (true) or runs (false). */
  paused?: boolean;
  /** Only while an extension is asked for (true) or none is (false). */
  requested?: boolean;
  /** Only while this due date may be extended once more. */
  extensible?: true;
}

type Rest = Partial<
  Pick<Transition, 'needs' | 'asks' | 'reasons' | 'judgedTo' | 'paused' | 'requested' | 'extensible'>
> &
  Pick<Transition, 'due' | 'who'>;

/** One row of a table, in reading order: the step, its names, from where, to where, on which terms. */
export function step(
  action: string,
  [zh, en]: readonly [string, string],
  from: readonly string[],
  to: string | null,
  rest: Rest,
): Transition {
  return { action, label: { zh, en }, from, to, needs: [], asks: [], ...rest };
}

export function state(name: string, zh: string, en: string, stage: Stage, outcome: Outcome = 'open'): State {
  return { name, label: { zh, en }, stage, outcome };
}

export function who(level: Level, role: Role): Authority {
  return { level, role };
}
