import { ServiceError } from '../error.ts';
import { CASE_STATES, CASE_TRANSITIONS } from './case-table.ts';
import { judgementOf } from './judgements.ts';
import type { Label } from './label.ts';
import { PATCH_STATES, PATCH_TRANSITIONS } from './patch-table.ts';
import { REASONS, type Reason } from './reasons.ts';
import {
  type Ask,
  type Authority,
  type DueEffect,
  type Need,
  type Outcome,
  type Stage,
  type State,
  type Subject,
  step,
  type Transition,
  who,
} from './transition-row.ts';

/** The whole lifecycle as data, and the questions asked of it. */

/** Written into every event: which edition of the tables the step was taken under. */
export const LIFECYCLE_EDITION = 'lifecycle-4';

export const STATES: Readonly<Record<Subject, readonly State[]>> = { patch: PATCH_STATES, case: CASE_STATES };

export const TRANSITIONS: Readonly<Record<Subject, readonly Transition[]>> = {
  patch: PATCH_TRANSITIONS,
  case: CASE_TRANSITIONS,
};

/** 撤销: possible by the person and the time, not by the state; see undo.ts. */
export const UNDO: Transition = step('undo', ['撤销上一步', 'Undo the last step'], [], null, {
  due: 'undo',
  who: who('town', 'field'),
});

/** 重算期限: possible where another calendar moves the due date, in any open state while the clock runs. */
export const RECOUNT: Transition = step('recount', ['重算期限', 'Recount the due date'], [], null, {
  due: 'recount',
  who: who('city', 'reviewer'),
  needs: ['note'],
  paused: false,
});

/** What some steps depend on beside the state; read off the events by projection.ts. */
export interface Facts {
  /** Code of the latest judgement, or null. */
  judgement: string | null;
  /** Whether the clock stands still. */
  paused: boolean;
  /** Whether an extension is asked for, and whether one more may be had; left out: not known, so nothing hangs on it. */
  requested?: boolean;
  extensible?: boolean;
}

/** A step that is possible now, with all a form needs to ask for it. */
export interface AllowedAction {
  action: string;
  label: Label;
  /** Name of the state it leads to. */
  to: string;
  needs: readonly Need[];
  asks: readonly Ask[];
  /** The codes `reason` is taken from, where needs has 'reason'. */
  reasons: readonly Reason[] | null;
  due: DueEffect;
  who: Authority;
}

/** The state's row. Throws store-unusable where the tables have no such state (a record of a newer version). */
export function stateOf(subject: Subject, name: string): State {
  const found = STATES[subject].find((state) => state.name === name);
  if (found) return found;
  throw new ServiceError(
    'store-unusable',
    `A ${subject} is in the state '${name}', which the lifecycle does not have.`,
  );
}

/** Names of the states of a stage (find, warn, resolve) or of an outcome, in order; what is replaced is in no stage. */
export function stateNames(subject: Subject, group: { stage: Stage } | { outcome: Outcome }): string[] {
  const belongs = (state: State) =>
    'stage' in group ? state.stage === group.stage && state.outcome !== 'replaced' : state.outcome === group.outcome;
  return STATES[subject].filter(belongs).map(({ name }) => name);
}

/** The row of a step, or undefined where it is not possible. `state` null: the record is yet to be opened. */
export function findTransition(
  subject: Subject,
  state: string | null,
  action: string,
  facts?: Facts,
): Transition | undefined {
  return possible(subject, state, facts).find((row) => row.action === action);
}

/** The steps possible from a state, in table order. Without `facts`, also those that depend on them. */
export function allowedActions(subject: Subject, state: string, facts?: Facts): AllowedAction[] {
  return possible(subject, state, facts).map((row) => ({
    action: row.action,
    label: row.label,
    to: row.to ?? state,
    needs: row.needs,
    asks: row.asks,
    reasons: row.reasons === undefined ? null : REASONS[row.reasons],
    due: row.due,
    who: row.who,
  }));
}

function possible(subject: Subject, state: string | null, facts: Facts | undefined): Transition[] {
  return TRANSITIONS[subject].filter((row) => {
    if (state === null ? row.from.length > 0 : !row.from.includes(state)) return false;
    return facts === undefined || fits(row, facts);
  });
}

function fits(row: Transition, facts: Facts): boolean {
  if (row.paused !== undefined && row.paused !== facts.paused) return false;
  if (row.requested !== undefined && row.requested !== (facts.requested ?? row.requested)) return false;
  if (row.extensible && facts.extensible === false) return false;
  return row.judgedTo === undefined || judgementOf(facts.judgement ?? '')?.leadsTo === row.judgedTo;
}
