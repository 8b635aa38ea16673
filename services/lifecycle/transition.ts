import { workspaceDeadlines } from '../deadlines/workspace.ts';
import { ServiceError } from '../error.ts';
import { findCase, isCovered, projectCase } from '../store/cases.ts';
import { appendEvent, eventsOf } from '../store/events.ts';
import { whyFrozen } from '../store/frozen-steps.ts';
import type { Store } from '../store/open.ts';
import { findPatch, projectPatch } from '../store/patches.ts';
import { nextEvent, type Step } from './event.ts';
import { requireEvidence } from './known-evidence.ts';
import { type Projection, project } from './projection.ts';
import type { Subject } from './transition-row.ts';
import { stateOf, UNDO } from './transitions.ts';

export interface Move extends Step {
  /** The version the actor saw; where it is not the current one, nothing is moved. */
  expectedVersion?: number | undefined;
}

export interface Moved {
  state: string;
  version: number;
  /** UTC, or null where nothing is due. */
  dueAt: string | null;
}

/**
 * Takes one step with a patch or a case: appends the event and moves the projection, both or neither.
 * Throws ServiceError
 * - not-found: there is no such patch or case;
 * - version-conflict, details {version, state, updatedBy, updatedAt}: somebody else moved it first;
 * - illegal-transition, details {state, version, allowed}: the step is not possible from where it is;
 * - bad-input: the step lacks what it needs.
 */
export async function transition(store: Store, move: Move): Promise<Moved> {
  return store.db.transaction().execute((trx) => transitionIn(trx, move));
}

/** The same inside a transaction of the caller's, who hands it in. */
export async function transitionIn(trx: Store['db'], move: Move): Promise<Moved> {
  const district = await districtOf(trx, move.subject, move.id);
  const before = await load(trx, move.subject, move.id);
  if (move.expectedVersion !== undefined && move.expectedVersion !== before.version) throw conflict(move, before);
  const counting = move.calendar && move.rules ? null : await workspaceDeadlines(trx);
  const step = { ...move, calendar: move.calendar ?? counting?.calendar, rules: move.rules ?? counting?.rules };
  if (move.action === UNDO.action)
    step.frozen = await whyFrozen(trx, { ...move, version: before.version, at: before.updatedAt });
  const { event, after, row } = nextEvent(step, district, before);
  if (row.needs.includes('evidence') && move.office) {
    await requireEvidence(trx, move, move.payload?.['evidence'] as string[]);
  }
  if (row.needs.includes('caseId')) await checkCovered(trx, move.payload?.['caseId'] as string, move.id);
  await moveProjection(trx, move, before.version, after);
  await appendEvent(trx, event);
  return { state: after.state, version: after.version, dueAt: after.dueAt };
}

async function districtOf(trx: Store['db'], subject: Subject, id: string): Promise<string> {
  const found = subject === 'patch' ? await findPatch(trx, id) : await findCase(trx, id);
  if (!found) throw new ServiceError('not-found', `There is no ${subject} ${id}.`);
  return found.district;
}

async function load(trx: Store['db'], subject: Subject, id: string): Promise<Projection> {
  const projection = project(await eventsOf(trx, subject, id));
  if (projection) return projection;
  throw new ServiceError('store-unusable', `The ${subject} ${id} has no events; the one that opened it was expected.`);
}

/** Moves on only from the version the step was judged by, so that of two at once one is refused. */
async function moveProjection(trx: Store['db'], move: Move, version: number, after: Projection): Promise<void> {
  try {
    if (move.subject === 'patch') await projectPatch(trx, move.id, version, pick(after));
    else await projectCase(trx, move.id, version, after);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'version-conflict') throw error;
    throw conflict({ ...move, expectedVersion: version }, await load(trx, move.subject, move.id));
  }
}

function pick({ state, dueAt, updatedAt }: Projection): Pick<Projection, 'state' | 'dueAt' | 'updatedAt'> {
  return { state, dueAt, updatedAt };
}

function conflict({ subject, id, expectedVersion }: Move, now: Projection): ServiceError {
  const { version, state, updatedBy, updatedAt } = now;
  const last = `${updatedBy} moved it to ${state} (${stateOf(subject, state).label.zh}) at ${updatedAt}`;
  const message = `The ${subject} ${id} is at version ${version}, not at ${expectedVersion}: ${last}.`;
  return new ServiceError('version-conflict', message, { version, state, updatedBy, updatedAt });
}

async function checkCovered(trx: Store['db'], caseId: string, patchId: string): Promise<void> {
  const found = await findCase(trx, caseId);
  if (!found) throw new ServiceError('bad-input', `A patch is put in a case that exists; there is no case ${caseId}.`);
  if (stateOf('case', found.state).outcome !== 'open') {
    throw new ServiceError('bad-input', `A patch is put in an open case; the case ${caseId} is ${found.state}.`);
  }
  if (!(await isCovered(trx, caseId, patchId))) {
    throw new ServiceError('bad-input', `The case ${caseId} does not cover the patch ${patchId}.`);
  }
}
