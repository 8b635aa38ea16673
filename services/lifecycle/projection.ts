import { ServiceError } from '../error.ts';
import type { EventTable } from '../store/schema.ts';
import { type ClockLine, type DueRecord, effectOf } from './clock-trail.ts';
import { type DueRule, daysBetween } from './deadline.ts';
import { type DeadlineRules, standardRules } from './deadline-rules.ts';
import type { Facts } from './transitions.ts';

/** What the events of one patch or case add up to. Only what the events say counts, not today's tables. */

/** What a projection reads of an event. */
export type LoggedEvent = Pick<
  EventTable,
  'id' | 'action' | 'fromState' | 'toState' | 'actor' | 'reason' | 'at' | 'payloadJson'
>;

/** What a subject is, apart from how often and by whom it was moved: what an undo brings back. */
export interface Standing {
  state: string;
  dueAt: string | null;
  judgement: string | null;
  /** Since when the clock stands still and what was due then; null while it runs. */
  stopped: { at: string; heldDueAt: string } | null;
  /** False where the due date was counted in a year whose holidays were not known. */
  holidaysKnown: boolean;
  /** How the due date came about, since it was set. */
  trail: readonly ClockLine[];
  /** How often this due date was extended, and by how many local days in all. */
  extended: { times: number; days: number };
  /** The extension that is asked for and not answered. */
  request: ExtensionRequest | null;
}

export interface ExtensionRequest {
  eventId: string;
  actor: string;
  at: string;
  reason: string | null;
  extension: DueRule;
}

export interface Projection extends Standing {
  /** The number of events. */
  version: number;
  updatedAt: string;
  updatedBy: string;
  /** The latest step, and what was before it; null: it opened the record, or was itself an undo. */
  last: { id: string; action: string; before: Standing | null };
}

interface Payload {
  due?: DueRecord;
  judgement?: string;
  extension?: DueRule;
  /** Id of the event that this one undoes. */
  undoes?: string;
  /** Taken over whole by a patch that was cut out of another or merged from others. */
  standing?: Standing;
}

/**
 * The projection of the events of one subject, oldest first; null where there are none. Throws
 * store-unusable where an event does not start in the state the one before it ended in, or undoes
 * another than the one before it.
 */
export function project(events: readonly LoggedEvent[]): Projection | null {
  let now: Projection | null = null;
  for (const event of events) now = apply(now, event);
  return now;
}

/** One event more. */
export function apply(before: Projection | null, event: LoggedEvent): Projection {
  const state = before?.state ?? null;
  if (event.fromState !== state) {
    const got = `starts from '${event.fromState}' at version ${before?.version ?? 0}, where the state is '${state}'`;
    throw new ServiceError(
      'store-unusable',
      `The events of a subject must follow on each other; the one to '${event.toState}' ${got}.`,
    );
  }
  const payload = JSON.parse(event.payloadJson) as Payload;
  const undoing = payload.undoes !== undefined;
  const standing = undoing
    ? undone(before, event, payload.undoes!)
    : before === null && payload.standing !== undefined
      ? payload.standing
      : next(before, event, payload);
  return {
    ...standing,
    version: (before?.version ?? 0) + 1,
    updatedAt: event.at,
    updatedBy: event.actor,
    last: { id: event.id, action: event.action, before: undoing || before === null ? null : standingOf(before) },
  };
}

/** What some steps depend on. `rules`: how often a due date may be extended. */
export function factsOf(projection: Projection, rules: DeadlineRules = standardRules): Facts {
  return {
    judgement: projection.judgement,
    paused: projection.stopped !== null,
    requested: projection.request !== null,
    extensible: projection.extended.times < rules.extension.times,
  };
}

function next(before: Standing | null, event: LoggedEvent, payload: Payload): Standing {
  const clock = clockAfter(before, event, payload.due);
  return {
    state: event.toState,
    judgement: payload.judgement ?? before?.judgement ?? null,
    ...clock,
    request: requestAfter(before, event, payload, clock.trail),
  };
}

type Clock = Pick<Standing, 'dueAt' | 'stopped' | 'holidaysKnown' | 'trail' | 'extended'>;

function clockAfter(before: Standing | null, { action, at }: LoggedEvent, due: DueRecord | undefined): Clock {
  const { dueAt = null, stopped = null, holidaysKnown = true, trail = [] } = before ?? {};
  const extended = before?.extended ?? { times: 0, days: 0 };
  if (due === undefined) return { dueAt, stopped, holidaysKnown, trail, extended };
  const effect = effectOf(action, due);
  if (effect === null) return { dueAt: due.dueAt, stopped, holidaysKnown: due.holidaysKnown ?? true, trail, extended };
  const line: ClockLine = { effect, at, due };
  const fresh = effect === 'set';
  return {
    dueAt: due.dueAt,
    stopped: due.heldDueAt === undefined ? null : { at, heldDueAt: due.heldDueAt },
    holidaysKnown: (fresh || holidaysKnown) && (due.holidaysKnown ?? true),
    trail: fresh ? (due.dueAt === null ? [] : [line]) : [...trail, line],
    extended: fresh ? { times: 0, days: 0 } : effect === 'extend' ? extendedBy(extended, dueAt, due.dueAt) : extended,
  };
}

function extendedBy({ times, days }: Standing['extended'], from: string | null, to: string | null) {
  const gained = from !== null && to !== null ? daysBetween(new Date(from), new Date(to)) : 0;
  return { times: times + 1, days: days + gained };
}

/** A request is about one due date: an answer ends it, and so does a new due date. */
function requestAfter(
  before: Standing | null,
  { id, action, actor, at, reason }: LoggedEvent,
  { due, extension }: Payload,
  trail: readonly ClockLine[],
): ExtensionRequest | null {
  if (action === 'request-extension') return { eventId: id, actor, at, reason, extension: extension! };
  const answered = action === 'refuse-extension' || (due !== undefined && trail.at(-1)?.effect === 'extend');
  const replaced = due !== undefined && effectOf(action, due) === 'set';
  return answered || replaced ? null : (before?.request ?? null);
}

function undone(before: Projection | null, { toState }: LoggedEvent, undoes: string): Standing {
  const back = before?.last.id === undoes ? before.last.before : null;
  if (back?.state === toState) return back;
  throw new ServiceError(
    'store-unusable',
    `An undo must take back the event before it, to '${toState}'; got ${undoes}.`,
  );
}

function standingOf(projection: Projection): Standing {
  const { version: _, updatedAt: _at, updatedBy: _by, last: _last, ...standing } = projection;
  return standing;
}
