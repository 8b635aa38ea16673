import { ServiceError } from '../error.ts';
import { JUDGEMENTS, judgementOf } from './judgements.ts';
import { CAUSES, REASONS } from './reasons.ts';
import type { Ask, Need, Transition } from './transition-row.ts';

/** Checks what was handed in with a step. Every need but the reason is a field of the payload. */

export interface HandedIn {
  reason: string | null;
  payload: Readonly<Record<string, unknown>>;
}

type PayloadNeed = Exclude<Need, 'reason'>;

const LEVELS = ['county', 'city', 'province'];
/** 移交: discipline inspection, police, prosecutor, court, audit, credit list. */
const RECEIVERS = ['discipline', 'police', 'prosecutor', 'court', 'audit', 'credit-list'];
const UNITS = ['working-day', 'calendar-day', 'month'];

/** The form of each need, in words and as a test. */
const FORMS: Record<PayloadNeed, [form: string, fits: (value: unknown) => boolean]> = {
  note: ['a text', isText],
  evidence: [
    'a list of at least one evidence id',
    (value) => Array.isArray(value) && value.length > 0 && value.every(isText),
  ],
  judgement: [
    `one of ${JUDGEMENTS.map(({ code }) => code).join(', ')}`,
    (value) => isText(value) && !!judgementOf(value),
  ],
  department: ["the department's name", isText],
  caseId: ['the id of a case that covers the patch', isText],
  level: [`one of ${LEVELS.join(', ')}`, (value) => LEVELS.includes(value as string)],
  receiver: [`one of ${RECEIVERS.join(', ')}`, (value) => RECEIVERS.includes(value as string)],
  remedy: [
    '{demolishedM2, regularisedM2, confiscatedM2}: m² put right each way, at least one given',
    (value) => areas(value).length > 0 && areas(value).every(isArea),
  ],
  cause: [`one of ${CAUSES.map(({ code }) => code).join(', ')}`, (value) => CAUSES.some(({ code }) => code === value)],
  assignee: ['the name of who has it in hand', isText],
  occupierId: ['the id of an actor of the register', isText],
  extension: [`{count: 1 to 366, unit: ${UNITS.join(' | ')}}`, isExtension],
};

/** The form of what may be handed in with any step that has a use for it. */
const ASKED: Record<Ask, [form: string, fits: (value: unknown) => boolean]> = {
  violationM2: ['the area of the breach in m², more than 0', (value) => isArea(value) && value > 0],
  restoredM2: ['the area put back in m²', isArea],
  occupier: ['the name of who uses or builds on the land', isText],
  stopped: ['true where the work was found stopped, false where it went on', (value) => typeof value === 'boolean'],
};

const REMEDIES = ['demolishedM2', 'regularisedM2', 'confiscatedM2'];

/** Written by transition() itself. */
const RESERVED = ['due', 'lifecycle', 'undoes', 'undone', 'standing'];

/** Throws bad-input, naming what is missing and the form it must have. */
export function checkNeeds(row: Transition, { reason, payload }: HandedIn): void {
  for (const key of RESERVED) {
    if (key in payload)
      throw new ServiceError('bad-input', `payload.${key} is written by the step itself; it is not handed in.`);
  }
  // A judgement counts wherever it stands in the log, so it may only stand where it was asked for.
  if ('judgement' in payload && !row.needs.includes('judgement')) {
    throw new ServiceError('bad-input', `The step ${row.action} judges nothing, so it takes no payload.judgement.`);
  }
  if ('extension' in payload && !row.needs.includes('extension')) {
    throw new ServiceError('bad-input', `The step ${row.action} takes no payload.extension of its own.`);
  }
  checkReason(row, reason, payload['note']);
  for (const [name, [form, fits]] of Object.entries(ASKED)) {
    const given = payload[name];
    if (given !== undefined && !fits(given)) throw refused(row, `payload.${name}`, form, given);
  }
  for (const need of row.needs) {
    if (need === 'reason') continue;
    const [form, fits] = FORMS[need];
    if (!fits(payload[need])) throw refused(row, `payload.${need}`, form, payload[need]);
  }
}

function checkReason(row: Transition, reason: string | null, note: unknown): void {
  if (row.reasons === undefined) {
    if (reason === null) return;
    throw new ServiceError('bad-input', `The step ${row.action} takes no reason code; say why in payload.note.`);
  }
  const reasons = REASONS[row.reasons];
  const found = reasons.find(({ code }) => code === reason);
  if (!found) throw refused(row, 'a reason', `one of ${reasons.map(({ code }) => code).join(', ')}`, reason);
  if (found.noteNeeded && !isText(note)) {
    throw refused(row, 'payload.note', `a text, where the reason is ${found.code}`, note);
  }
}

function refused(row: Transition, thing: string, form: string, got: unknown): ServiceError {
  const shown = got === undefined || got === null ? 'nothing' : JSON.stringify(got);
  return new ServiceError('bad-input', `The step ${row.action} needs ${thing}: ${form}; got ${shown}.`);
}

/** What is said of each way of putting it right. */
function areas(value: unknown): unknown[] {
  const given = (value ?? {}) as Record<string, unknown>;
  return REMEDIES.map((name) => given[name]).filter((area) => area !== undefined);
}

function isArea(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isExtension(value: unknown): boolean {
  const { count, unit } = (value ?? {}) as { count?: unknown; unit?: unknown };
  return (
    Number.isInteger(count) && (count as number) >= 1 && (count as number) <= 366 && UNITS.includes(unit as string)
  );
}
