import { workspaceDeadlines } from '../deadlines/workspace.ts';
import { ServiceError } from '../error.ts';
import type { Label } from '../lifecycle/label.ts';
import { factsOf, type Projection, project } from '../lifecycle/projection.ts';
import { type AllowedAction, allowedActions } from '../lifecycle/transitions.ts';
import { type CaseFilter, type CaseRow, casePage, findCase, patchesOfCase } from '../store/cases.ts';
import { eventsOf } from '../store/events.ts';
import { whyFrozen } from '../store/frozen-steps.ts';
import type { Store } from '../store/open.ts';
import type { HistoryEvent } from './detail.ts';

export type ListedCase = Awaited<ReturnType<typeof casePage>>[number];

export interface CaseDetail {
  matter: CaseRow;
  dueAt: string | null;
  patches: Awaited<ReturnType<typeof patchesOfCase>>;
  /** Oldest first. */
  history: HistoryEvent[];
  projection: Projection;
  /** Why the latest step stands fast, or null. */
  frozen: Label | null;
  allowedActions: AllowedAction[];
}

/** One page of cases, in order of opening; `next` is the cursor of the page that follows, null: this is the last. */
export async function listCases(
  store: Store,
  filter: CaseFilter,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ cases: ListedCase[]; next: string | null }> {
  const rows = await casePage(store.db, filter, limit + 1, cursor === undefined ? null : readCursor(cursor));
  const cases = rows.slice(0, limit);
  const last = cases.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { cases, next: more ? Buffer.from(JSON.stringify([last.createdAt, last.id])).toString('base64url') : null };
}

/** All there is to know of one case. Throws not-found where there is none, or where it lies outside `within` (a district code prefix). */
export async function caseDetail(store: Store, id: string, within = ''): Promise<CaseDetail> {
  const { db } = store;
  const matter = await findCase(db, id);
  if (!matter?.district.startsWith(within)) throw new ServiceError('not-found', `There is no case ${id}.`);
  const events = await eventsOf(db, 'case', id);
  const projection = project(events);
  if (!projection) throw new ServiceError('store-unusable', `The case ${id} has no events.`);
  const { rules } = await workspaceDeadlines(db);
  const { version, updatedAt } = projection;
  return {
    matter,
    projection,
    dueAt: projection.dueAt,
    patches: await patchesOfCase(db, id),
    history: events.map(({ payloadJson, ...row }) => ({ ...row, payload: JSON.parse(payloadJson) })),
    frozen: await whyFrozen(db, { subject: 'case', id, version, at: updatedAt }),
    allowedActions: allowedActions('case', projection.state, factsOf(projection, rules)),
  };
}

function readCursor(cursor: string): [string, string] {
  try {
    const [createdAt, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof createdAt === 'string' && typeof id === 'string') return [createdAt, id];
  } catch {
    // Said below.
  }
  throw new ServiceError('bad-input', `A cursor is the 'next' of an earlier page; got '${cursor}'.`);
}
