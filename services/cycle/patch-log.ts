import { judgementOf } from '../lifecycle/judgements.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import { type MonthRow, type Remedy, type ReviewStage, type RowEvent, rounded } from './month-row.ts';

/** What the log of one patch says for the figures; pure. */

export type LogFacts = Pick<
  MonthRow,
  'judgement' | 'violation' | 'remedy' | 'review' | 'cleared' | 'everReported' | 'everReturned' | 'caseDue'
> & {
  /** Size of the breach as a person measured it. */
  violationM2: number | null;
  /** Whether it was sent down: as a task of a month, or by a person alone. */
  warned: boolean;
};

const nothing: Remedy = { demolishedM2: 0, regularisedM2: 0, confiscatedM2: 0 };
const REMEDIES = Object.keys(nothing) as (keyof Remedy)[];
/** Steps that say by which way a confirmed breach is put right. */
const WAYS = ['rectify-before-filing', 'put-in-case', 'start-rectifying'];
/** Returned by a higher level: a return by the county itself was never reported. */
const ABOVE = ['city-review', 'province-review'];

/**
 * @param log of the patch, oldest first. Payloads may hold remedy {demolishedM2, regularisedM2, confiscatedM2}: put
 * right in all so far; violationM2: size of the breach; restoredM2: farmland put back. Of each the latest holds.
 * @param wholeM2 size of the breach where nobody measured it: all of it counts as put back once later images confirm that
 */
export function logFacts(log: readonly RowEvent[], wholeM2: number): LogFacts {
  const events = withoutUndone(log);
  const before = inheritedBy(events);
  let judgement: string | null = null;
  let violationM2: number | null = null;
  let { way } = before;
  let measured: Remedy | null = null;
  let restored: number | null = null;
  for (const event of events) {
    const payload = JSON.parse(event.payloadJson) as Record<string, unknown>;
    if (event.action === 'reopen') [measured, restored] = [nothing, null];
    if (typeof payload['judgement'] === 'string') judgement = payload['judgement'];
    if (isArea(payload['violationM2']) && payload['violationM2'] > 0) violationM2 = payload['violationM2'];
    if (isArea(payload['restoredM2'])) restored = payload['restoredM2'];
    measured = remedyOf(payload['remedy']) ?? measured;
    if (WAYS.includes(event.action)) way = event.action;
  }
  const state = events[events.length - 1]?.toState ?? 'found';
  const dismissed = stateOf('patch', state).outcome === 'dismissed';
  const violation = !dismissed && judgementOf(judgement ?? '')?.leadsTo === 'rectify';
  const byPhotos = restored ?? (state === 'restored' ? (violationM2 ?? wholeM2) : 0);
  const everReported = before.reported || events.some(({ toState }) => toState === 'city-review');
  return {
    judgement,
    violation,
    violationM2,
    remedy: measured && total(measured) > 0 ? measured : { ...nothing, demolishedM2: rounded(byPhotos) },
    review: reviewStage(state, events),
    cleared: state === 'resolved' || state === 'restored',
    everReported,
    everReturned: before.returned || events.some(isReturn),
    caseDue: violation && stateOf('patch', state).stage === 'resolve' && way !== 'rectify-before-filing',
    warned: before.warned || events.some(({ action }) => action === 'warn'),
  };
}

export function total({ demolishedM2, regularisedM2, confiscatedM2 }: Remedy): number {
  return rounded(demolishedM2 + regularisedM2 + confiscatedM2);
}

function isReturn({ action, fromState }: RowEvent): boolean {
  return action === 'return' && ABOVE.includes(fromState ?? '');
}

/** What a patch took over from those it came out of, that its own log does not tell; in its first event. */
export interface Inherited {
  /** Its task had gone out; it had been sent up; it had come back. */
  warned: boolean;
  reported: boolean;
  returned: boolean;
  /** By which way the breach is put right, and who returned it last. */
  way: string | null;
  returnedFrom: string | null;
}

function inheritedBy([first]: readonly RowEvent[]): Inherited {
  const { inherited } = JSON.parse(first?.payloadJson ?? '{}') as { inherited?: Inherited };
  return inherited ?? { warned: false, reported: false, returned: false, way: null, returnedFrom: null };
}

/** What it would hand down. @param log oldest first */
export function inheritanceOf(log: readonly RowEvent[], { everReported, everReturned, warned }: LogFacts): Inherited {
  const events = withoutUndone(log);
  const before = inheritedBy(events);
  const way = events.findLast(({ action }) => WAYS.includes(action))?.action ?? before.way;
  const returnedFrom = events.findLast(({ action }) => action === 'return')?.fromState ?? before.returnedFrom;
  return { warned, reported: everReported, returned: everReturned, way, returnedFrom };
}

function reviewStage(state: string, events: readonly RowEvent[]): ReviewStage {
  if (state === 'city-review') return 'waiting-city';
  if (state === 'province-review') return 'waiting-province';
  if (state === 'returned') {
    const last = events.findLast(({ toState, fromState }) => toState === 'returned' && fromState !== 'returned');
    const from = last?.action === 'succeed' ? inheritedBy(events).returnedFrom : null;
    return last && (isReturn(last) || ABOVE.includes(from ?? '')) ? 'returned' : 'not-reported';
  }
  const { stage, outcome } = stateOf('patch', state);
  return stage === 'resolve' || outcome === 'dismissed' ? 'ended' : 'not-reported';
}

function remedyOf(value: unknown): Remedy | null {
  if (typeof value !== 'object' || value === null) return null;
  const given = value as Record<string, unknown>;
  if (!REMEDIES.some((name) => isArea(given[name]))) return null;
  const area = (name: keyof Remedy) => (isArea(given[name]) ? rounded(given[name]) : 0);
  return {
    demolishedM2: area('demolishedM2'),
    regularisedM2: area('regularisedM2'),
    confiscatedM2: area('confiscatedM2'),
  };
}

function isArea(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
