import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../error.ts';
import { type ChangeRow, changesSince, changesSkipped, headOfEvents } from '../store/changes.ts';
import { type Region, seeingAll } from '../store/hiding.ts';
import type { Store } from '../store/open.ts';
import { readFeedCursor, skippedSince, stillSkipped, writeFeedCursor } from './feed-cursor.ts';

/** What happened to patches and cases, page after page: nothing is missed and nothing comes twice. */
export interface Changes {
  /** In the order they happened; what was under embargo comes when that has ended, before what is newer than the cursor. */
  changes: ChangeRow[];
  /** Where to go on: a place in the log up to which everything of the district has been told, but for what is hidden. */
  next: string;
  /** Whether a page that is asked for at once has more. */
  more: boolean;
}

export interface ChangesAsked {
  /** The `next` of an earlier page; '0' = from the beginning. */
  since: string;
  limit: number;
  /** Code prefix, '' = all. */
  district: string;
  /** What does not exist for who asks, when it is looked (services/access/embargo.ts). */
  hidden: () => Promise<readonly Region[]>;
}

/** How often somebody who waits is looked after. */
const lookEveryMs = 250;

/**
 * One page of changes after `since`.
 * @throws ServiceError bad-input where `since` is a place that the log has not reached: of another workspace, or one
 * put back from a copy, whose reader would otherwise miss what comes now.
 */
export function readChanges({ db }: Store, { since, limit, district, hidden }: ChangesAsked): Promise<Changes> {
  // Who may see what is asked for here in so many words: the cursor must know what was left out.
  return seeingAll(async () => {
    const { seq, skipped } = readFeedCursor(since);
    // Read first: events are committed in the order of seq, so up to here the page below cannot miss any.
    const head = await headOfEvents(db);
    const furthest = Math.max(seq, ...skipped.map(({ to }) => to));
    if (furthest > head) {
      const text = `A change feed goes on from 0 to ${head}; got the cursor ${furthest}, which this log has not reached.`;
      throw new ServiceError('bad-input', text);
    }
    const regions = await hidden();
    const late = skipped.length === 0 ? [] : await changesSkipped(db, skipped, regions, limit, district);
    if (late.length === limit) {
      const left = stillSkipped(skipped, regions, late[late.length - 1].seq);
      return { changes: late, next: writeFeedCursor({ seq, skipped: left }), more: true };
    }
    const left = stillSkipped(skipped, regions, Number.MAX_SAFE_INTEGER);
    const wanted = limit - late.length;
    const rows = await changesSince(db, seq, wanted, district, regions);
    const full = rows.length === wanted;
    const reached = full ? rows[rows.length - 1].seq : Math.max(head, rows.at(-1)?.seq ?? 0);
    const next = writeFeedCursor({ seq: reached, skipped: skippedSince(left, regions, seq, reached) });
    return { changes: [...late, ...rows], next, more: full && reached < head };
  });
}

/** The same, but where there is nothing yet it waits, until something is, `waitMs` have passed, or the asker is gone. */
export async function awaitChanges(
  store: Store,
  asked: ChangesAsked,
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
