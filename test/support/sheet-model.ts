import { chinaCalendar } from '../../services/lifecycle/calendar.ts';
import { daysBetween, deadline } from '../../services/lifecycle/deadline.ts';
import type { DeadlineRules } from '../../services/lifecycle/deadline-rules.ts';
import type { Step } from '../../services/lifecycle/event.ts';
import type { Projection } from '../../services/lifecycle/projection.ts';
import type { Subject, Transition } from '../../services/lifecycle/transition-row.ts';
import { STATES, TRANSITIONS } from '../../services/lifecycle/transitions.ts';

/** A naive model of a patch or a case, written apart from the projection it is held against. */

/** What a clerk with paper would keep of a patch: plain fields, written over by each step. */
export interface Sheet {
  state: string;
  dueAt: number | null;
  stop: { at: number; dueAt: number } | null;
  judgement: string | null;
  extensions: number;
  extendedDays: number;
  asked: { by: string; days: number } | null;
}

/** The pile of sheets: an undo throws the top one away. */
export interface Model {
  sheets: Sheet[];
  last: { by: string; at: number; action: string };
}

const open = (subject: Subject, state: string) =>
  STATES[subject].find(({ name }) => name === state)!.outcome === 'open';
const judgedTo: Record<string, string> = {
  ...{ lawful: 'close', facility: 'close' },
  ...{ 'non-grain': 'rectify', 'illegal-construction': 'rectify' },
};

/** How often and how far a due date is extended, how long a step can be taken back, and whether it can at all. */
export interface Terms extends Pick<DeadlineRules, 'extension' | 'undoHours'> {
  /** The last step sent out a task, or its month was closed since. */
  frozen?: boolean;
}

export type Refusal = 'illegal-transition' | 'bad-input' | 'forbidden';

/** The model after the step, or why it is refused. Written apart from what it is held against. */
export function modelled(model: Model, step: Step, terms: Terms): Model | Refusal {
  const { subject, action, actor } = step;
  const at = step.at.getTime();
  const sheet = model.sheets.at(-1)!;
  const last = { by: actor, at, action };
  if (action === 'undo') {
    const { last: before } = model;
    const fixed = ['undo', 'open'].includes(before.action) || isSystems(subject, before.action) || before.by !== actor;
    if (fixed || at - before.at > terms.undoHours * 3_600_000 || terms.frozen === true) return 'illegal-transition';
    return { sheets: model.sheets.slice(0, -1), last };
  }
  const row = TRANSITIONS[subject].find((one) => one.action === action && one.from.includes(sheet.state));
  if (row === undefined || isImpossible(sheet, row, terms)) return 'illegal-transition';
  if (action === 'approve-extension' && sheet.asked!.by === actor) return 'forbidden';
  const after = written(sheet, row, step, terms);
  return after === null ? 'bad-input' : { sheets: [...model.sheets, after], last };
}

function isSystems(subject: Subject, action: string): boolean {
  return TRANSITIONS[subject].some((row) => row.action === action && row.who.role === 'system');
}

const EXTENDING = ['extend', 'request-extension', 'approve-extension'];

function isImpossible(sheet: Sheet, { action, judgedTo: wanted }: Transition, { extension }: Terms): boolean {
  return (
    (wanted !== undefined && wanted !== judgedTo[sheet.judgement ?? '']) ||
    (['pause', ...EXTENDING].includes(action) && sheet.stop !== null) ||
    (action === 'resume' && sheet.stop === null) ||
    (EXTENDING.includes(action) && sheet.extensions >= extension.times) ||
    (action === 'request-extension' && sheet.asked !== null) ||
    (['approve-extension', 'refuse-extension'].includes(action) && sheet.asked === null)
  );
}

function written(
  sheet: Sheet,
  row: Transition,
  { subject, action, actor, at, payload }: Step,
  { extension }: Terms,
): Sheet | null {
  const given = payload as { judgement?: string; extension?: { count: number } };
  const next: Sheet = { ...sheet, state: row.to ?? sheet.state, judgement: given.judgement ?? sheet.judgement };
  const day = 86_400_000;
  if (action === 'extend' || action === 'approve-extension' || action === 'request-extension') {
    const days = given.extension?.count ?? sheet.asked!.days;
    if (sheet.extendedDays + days > extension.days) return null;
    if (action === 'request-extension') return { ...next, asked: { by: actor, days } };
    const [extensions, extendedDays] = [sheet.extensions + 1, sheet.extendedDays + days];
    return { ...next, dueAt: sheet.dueAt! + days * day, extensions, extendedDays, asked: null };
  }
  if (action === 'refuse-extension') return { ...next, asked: null };
  if (action === 'pause') return { ...next, dueAt: null, stop: { at: at.getTime(), dueAt: sheet.dueAt! } };
  if (action === 'resume') {
    const stood = daysBetween(new Date(sheet.stop!.at), at);
    return { ...next, dueAt: sheet.stop!.dueAt + stood * day, stop: null };
  }
  if (row.to === null) return next;
  const dueAt = open(subject, next.state) ? deadline(row.due as never, at, chinaCalendar).dueAt.getTime() : null;
  return { ...next, dueAt, stop: null, extensions: 0, extendedDays: 0, asked: null };
}

export function sheetOf(now: Projection): Sheet {
  const { state, dueAt, stopped, judgement, extended, request } = now;
  return {
    state,
    dueAt: dueAt === null ? null : Date.parse(dueAt),
    stop: stopped && { at: Date.parse(stopped.at), dueAt: Date.parse(stopped.heldDueAt) },
    judgement,
    extensions: extended.times,
    extendedDays: extended.days,
    asked: request && { by: request.actor, days: request.extension.count },
  };
}
