import type { DeadlineRules } from './deadline-rules.ts';
import type { Label } from './label.ts';
import { LINEAGE_STEPS, REPLACING_STEPS } from './lineage-steps.ts';
import { PAPER_STEPS } from './paper-steps.ts';
import type { Projection } from './projection.ts';
import type { Subject, Transition } from './transition-row.ts';
import { type AllowedAction, RECOUNT, STATES, TRANSITIONS, UNDO } from './transitions.ts';

/**
 * Taking back one's own last step: a new event that brings back what the subject was before it. One step
 * deep: what was undone is taken again, or the way goes on.
 */

export interface Undoing {
  actor: string;
  at: Date;
  rules: DeadlineRules;
  /** Why what happened then stands fast (its month is issued or closed); null: it does not. */
  frozen: Label | null;
  /** True where what came of a split or merge is withdrawn in the same transaction. */
  withPieces?: boolean;
}

/** Why the last step cannot be undone by this person now, or null where it can. Pure. */
export function whyNotUndone(
  subject: Subject,
  now: Projection,
  { actor, at, rules, frozen, withPieces }: Undoing,
): Label | null {
  const { action, before } = now.last;
  if (PAPER_STEPS.some((paper) => paper.action === action)) return why('入卷材料不能撤销', 'what came in is kept');
  if (action === UNDO.action) return why('上一步就是撤销，请重新办理', 'it is an undo itself; take the step again');
  if (isSystemStep(subject, action)) return why('系统步骤不能撤销', `${action} was taken by the product, not a person`);
  if (before === null) return why('登记不能撤销', 'it opened the record');
  if (REPLACING_STEPS.includes(action) && withPieces !== true)
    return why('须连同子图斑一并撤销', 'it is undone together with what came of it: tuban patches undo');
  // Its parents stand for themselves again: brought back, the same ground would stand twice.
  if (action === 'withdraw') return why('撤回的图斑不能单独恢复', 'what it came from stands in its place again');
  if (now.updatedBy !== actor) {
    return why(
      `上一步由${now.updatedBy}办理，只能由本人撤销`,
      `it was taken by ${now.updatedBy}, who alone may undo it`,
    );
  }
  const end = new Date(new Date(now.updatedAt).getTime() + rules.undoHours * 3_600_000);
  if (at > end) {
    const hours = rules.undoHours;
    return why(`已超过${hours}小时的撤销期限`, `its window of ${hours} hours ended at ${end.toISOString()}`);
  }
  return frozen;
}

/** The undo as a step to be offered, or null. */
export function offeredUndo(subject: Subject, now: Projection, undoing: Undoing): AllowedAction | null {
  if (whyNotUndone(subject, now, undoing) !== null) return null;
  const { action, label, needs, asks, due, who } = UNDO;
  return { action, label, to: now.last.before!.state, needs, asks, reasons: null, due, who };
}

/** The steps that stand apart from the tables, in their form: from every state, that they can be named and shown. */
export function apartRows(subject: Subject): Transition[] {
  const from = STATES[subject].map(({ name }) => name);
  const both = [RECOUNT, UNDO, ...PAPER_STEPS];
  const apart = subject === 'patch' ? [...both, ...LINEAGE_STEPS] : both;
  return apart.map((row) => ({ ...row, from }));
}

function isSystemStep(subject: Subject, action: string): boolean {
  return TRANSITIONS[subject].some((row) => row.action === action && row.who.role === 'system');
}

function why(zh: string, en: string): Label {
  return { zh, en };
}
