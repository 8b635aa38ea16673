import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../error.ts';
import { type ChangeRow, changesSince, headOfEvents } from '../store/changes.ts';
import type { Store } from '../store/open.ts';

/** What happened to patches and cases, page after page: nothing is missed and nothing comes twice. */
export interface Changes {
  changes: ChangeRow[];
  /** Where to go on: the place in the log up to which everything of the district has been told. */
  next: number;
  /** Whether a page that is asked for at once has more. */
  more: boolean;
}

/** How often somebody who waits is looked after. */
const lookEveryMs = 250;

/**
 * One page of changes after `since` (0 = from the beginning).
 * @throws ServiceError bad-input where `since` is a place that the log has not reached: of another workspace, or one
 * put back from a copy, whose reader would otherwise miss what comes now.
 */
export async function readChanges(
  store: Store,
  { since, limit, district }: { since: number; limit: number; district: string },
): Promise<Changes> {
  // Read first: events are committed in the order of seq, so up to here the page below cannot miss any.
  const head = await headOfEvents(store.db);
  if (since > head) {
    const text = `A change feed goes on from 0 to ${head}; got the cursor ${since}, which this log has not reached.`;
    throw new ServiceError('bad-input', text);
  }
  const changes = await changesSince(store.db, since, limit, district);
  if (changes.length < limit) return { changes, next: Math.max(head, changes.at(-1)?.seq ?? 0), more: false };
  const next = changes[changes.length - 1].seq;
  return { changes, next, more: next < head };
}

/** The same, but where there is nothing yet it waits, until something is, `waitMs` have passed, or the asker is gone. */
export async function awaitChanges(
  store: Store,
  asked: { since: number; limit: number; district: string },
  { waitMs, signal }: { waitMs: number; signal?: AbortSignal | undefined },
): Promise<Changes> {
  const until = performance.now() + waitMs;
  for (;;) {
    const page = await readChanges(store, asked);
    const left = until - performance.now();
    if (page.changes.length > 0 || left <= 0 || signal?.aborted) return page;
    await sleep(Math.min(lookEveryMs, left), undefined, { signal }).catch(() => {});
  }
}
