import { createHash } from 'node:crypto';
import { ServiceError } from '../error.ts';
import type { EventTable } from '../store/schema.ts';
import { chinaCalendar } from './calendar.ts';
import { dueAfter } from './clock.ts';
import type { WorkCalendar } from './deadline.ts';
import { type DeadlineRules, standardRules } from './deadline-rules.ts';
import type { Label } from './label.ts';
import { type LineageStep, lineageRow } from './lineage-steps.ts';
import { checkNeeds } from './needs.ts';
import { type Office, requireOffice } from './office.ts';
import { PAPER_STEPS } from './paper-steps.ts';
import { apply, factsOf, type Projection } from './projection.ts';
import type { Subject, Transition } from './transition-row.ts';
import {
  allowedActions,
  findTransition,
  LIFECYCLE_EDITION,
  RECOUNT,
  stateOf,
  TRANSITIONS,
  UNDO,
} from './transitions.ts';
import { type Undoing, whyNotUndone } from './undo.ts';

/** Who takes the steps that the product takes by itself; no person goes by that name. */
export const PRODUCT = 'tuban';

/** One step somebody asks for. */
export interface Step {
  subject: Subject;
  id: string;
  action: string;
  actor: string;
  /** A code of the step's list of reasons; only for steps that have one. */
  reason?: string | null | undefined;
  /** What the step needs (see needs.ts) and whatever else the actor saw and gave; JSON values. */
  payload?: Readonly<Record<string, unknown>> | undefined;
  at: Date;
  /** In what office the actor acts; left out: the product itself, or whoever holds the machine. */
  office?: Office | undefined;
  /** Which days are working days; by default the national calendar. */
  calendar?: WorkCalendar | undefined;
  /** Limits of extensions and of undoing; by default the standard ones. */
  rules?: DeadlineRules | undefined;
  /** Why the last step stands fast, its month being issued or closed; only an undo asks. */
  frozen?: Label | null | undefined;
  /** Only services/lineage: the step belongs to a split or merge, or takes one back. */
  lineage?: LineageStep | undefined;
}

export interface NextEvent {
  event: Omit<EventTable, 'seq'>;
  /** What the subject is once the event is appended. */
  after: Projection;
  row: Transition;
}

/** What a step comes to: the row of the tables, what is handed in with the event and where it leads. */
interface Taken {
  row: Transition;
  payload: Readonly<Record<string, unknown>>;
  toState: string;
}

/**
 * The event of a step from where the subject is (`before`; null opens it), to be appended by the caller.
 * Pure: the same step from the same version is the same event, with the same id.
 * Throws illegal-transition with details {state, version, allowed} where the step is not possible now
 * (of an undo also {why}), bad-input where it lacks something it needs, and forbidden where somebody
 * would answer their own request, or where the step is above their office or in another district.
 */
export function nextEvent(step: Step, district: string, before: Projection | null): NextEvent {
  if (step.actor.trim() === '') throw new ServiceError('bad-input', `The step ${step.action} needs to know its actor.`);
  if (step.office && step.actor === PRODUCT) {
    throw new ServiceError(
      'forbidden',
      `The steps of '${PRODUCT}' are the product's own; somebody else must be named.`,
    );
  }
  const { row, payload, toState } = taken(step, district, before);
  const event: NextEvent['event'] = {
    id: eventId(step, (before?.version ?? 0) + 1),
    subject: step.subject,
    subjectId: step.id,
    district,
    action: step.action,
    fromState: before?.state ?? null,
    toState,
    actor: step.actor,
    reason: step.reason ?? null,
    payloadJson: JSON.stringify({ ...payload, lifecycle: LIFECYCLE_EDITION }),
    at: step.at.toISOString(),
  };
  return { event, after: apply(before, event), row };
}

function taken(step: Step, district: string, before: Projection | null): Taken {
  if (step.action === UNDO.action) return undoing(step, district, before);
  return step.lineage ? replacing(step, step.lineage, district, before) : taking(step, district, before);
}

function taking(step: Step, district: string, before: Projection | null): Taken {
  const { subject, action, at, rules = standardRules, calendar = chinaCalendar } = step;
  const facts = before ? factsOf(before, rules) : undefined;
  const row =
    action === RECOUNT.action
      ? recounting(step, before)
      : (before && !step.office && PAPER_STEPS.find((paper) => paper.action === action)) ||
        findTransition(subject, before?.state ?? null, action, facts);
  if (step.office) refuseSystemStep(step);
  if (!row) throw illegal(step, before);
  if (step.office) requireOffice(step.office, row, district);
  const payload = step.payload ?? {};
  checkNeeds(row, { reason: step.reason ?? null, payload });
  if (action === 'approve-extension' && before?.request?.actor === step.actor) {
    throw new ServiceError('forbidden', `The extension was asked for by ${step.actor}; somebody else must approve it.`);
  }
  const due = dueAfter(row, { at, before, payload, calendar, rules });
  return { row, payload: { ...payload, due }, toState: row.to ?? before!.state };
}

function recounting({ subject }: Step, before: Projection | null): Transition | undefined {
  const running = before !== null && before.stopped === null && stateOf(subject, before.state).outcome === 'open';
  return running ? RECOUNT : undefined;
}

/** A step of a split or merge. What a patch takes over from others stands in its first event whole. */
function replacing(step: Step, lineage: LineageStep, district: string, before: Projection | null): Taken {
  const row = lineageRow(step.action, lineage, before !== null);
  if (!row) throw illegal(step, before);
  if (step.office) requireOffice(step.office, row, district);
  const payload = step.payload ?? {};
  const { standing } = lineage;
  if (standing === undefined) {
    checkNeeds(row, { reason: step.reason ?? null, payload });
    return { row, payload: { ...payload, due: { dueAt: null } }, toState: row.to! };
  }
  const { state, dueAt, stopped, judgement } = standing;
  const due = { dueAt, ...(stopped && { heldDueAt: stopped.heldDueAt }) };
  return { row, payload: { ...payload, ...(judgement !== null && { judgement }), due, standing }, toState: state };
}

/** The log says what is undone and what is due again, for those that read no projection. */
function undoing(step: Step, district: string, before: Projection | null): Taken {
  if (before === null) throw illegal(step, before);
  const { actor, at, rules = standardRules, frozen = null } = step;
  const withPieces = step.lineage !== undefined;
  const why = whyNotUndone(step.subject, before, { actor, at, rules, frozen, withPieces } satisfies Undoing);
  if (why !== null) throw illegal(step, before, why);
  if (step.office) requireOffice(step.office, UNDO, district);
  const payload = step.payload ?? {};
  checkNeeds(UNDO, { reason: step.reason ?? null, payload });
  if ('dueDate' in payload) throw new ServiceError('bad-input', 'An undo brings the due date back; it takes none.');
  const { id, action, before: back } = before.last;
  const { state, dueAt, stopped } = back!;
  const due = { dueAt, ...(stopped && { heldDueAt: stopped.heldDueAt }) };
  return { row: UNDO, payload: { ...payload, undoes: id, undone: action, due }, toState: state };
}

/** Steps that only the product takes, from what it sees, are no person's in any state. */
function refuseSystemStep({ subject, action }: Step): void {
  if (!TRANSITIONS[subject].some((row) => row.action === action && row.who.role === 'system')) return;
  throw new ServiceError('forbidden', `The step ${action} is taken by the product itself, not by a person.`);
}

/** A subject has one event of each version, so that the same step sent twice cannot be logged twice. */
export function eventId({ subject, id, action }: Pick<Step, 'subject' | 'id' | 'action'>, version: number): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, id, version, action]))
    .digest('hex')
    .slice(0, 32);
}

function illegal({ subject, id, action, rules }: Step, before: Projection | null, why?: Label): ServiceError {
  if (before === null)
    return new ServiceError('illegal-transition', `A ${subject} is not opened by ${action}.`, { allowed: [] });
  const { state, version } = before;
  const possibleNow = allowedActions(subject, state, factsOf(before, rules));
  // What only the product does is of no use to whoever asked.
  const allowed = possibleNow.filter(({ who }) => who.role !== 'system').map((one) => one.action);
  const label = stateOf(subject, state).label;
  const possible = `possible: ${allowed.join(', ') || 'nothing'}.`;
  const message =
    why === undefined
      ? `The ${subject} ${id} is ${state} (${label.zh}), from where ${action} is not possible; ${possible}`
      : `The last step (${before.last.action}) of the ${subject} ${id} cannot be undone: ${why.en} (${why.zh}); ${possible}`;
  return new ServiceError('illegal-transition', message, { state, version, allowed, ...(why && { why }) });
}
