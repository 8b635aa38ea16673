import { ServiceError } from '../error.ts';
import { type Moved, transition } from '../lifecycle/transition.ts';
import type { BatchFile, BatchRow } from '../store/batch-files.ts';
import { linksOfRow } from '../store/batch-links.ts';
import type { Store } from '../store/open.ts';
import { findPatch } from '../store/patches.ts';

/** What is done about sending a row's patch to another department. */
export interface Routing {
  action: 'refer' | 'accept' | 'refuse';
  /** To refer: who it goes to, and why. */
  department?: string;
  note?: string;
  /** To refuse: a code of the lifecycle's list. */
  reason?: string;
  by: string;
  now: Date;
}

/**
 * Sends the patch of a row to another department, or records its answer: steps of the patch's lifecycle.
 * @throws ServiceError bad-input: the row is linked to nothing, the step lacks something; illegal-transition
 */
export async function routeRow(
  store: Store,
  { id }: BatchFile,
  row: BatchRow,
  { action, department, note, reason, by, now }: Routing,
): Promise<Moved> {
  const link = (await linksOfRow(store.db, id, row.row)).at(-1);
  if (link === undefined) {
    throw new ServiceError('bad-input', `The row ${row.number} is linked to no patch yet: match the batch first.`);
  }
  const patch = await findPatch(store.db, link.patchId);
  // 'refuse' of a task that was only just sent down is another step than a department's refusal.
  if (action === 'refuse' && patch?.state !== 'referred') {
    const message = `The row ${row.number} has been referred to no department that could refuse it (${patch?.state}).`;
    throw new ServiceError('illegal-transition', message, { state: patch?.state });
  }
  const payload = { ...(department !== undefined && { department }), ...(note !== undefined && { note }) };
  return transition(store, {
    subject: 'patch',
    id: link.patchId,
    action,
    actor: by,
    reason: reason ?? null,
    payload,
    at: now,
  });
}
