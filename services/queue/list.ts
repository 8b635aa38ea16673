import { ServiceError } from '../error.ts';
import { districtNames } from '../store/month-figures.ts';
import type { Store } from '../store/open.ts';
import { countQueue, layersOfPatches, type QueueRow, queuePage } from '../store/queue.ts';
import { onOneState, snapshotOf } from '../store/view.ts';
import type { PatchFilter } from './filter.ts';
import { resolveFilter } from './resolve-filter.ts';

/** A patch in a list. dueAt, createdAt and updatedAt are UTC; beforeDate and afterDate are local days. */
export type ListedPatch = QueueRow & {
  /** The district's name, or its code where no districts layer names it. */
  districtName: string;
  /** Names of the layers it lies in. */
  layers: string[];
};

export interface PatchPage {
  patches: ListedPatch[];
  /** Hand it in as `cursor` for the page that follows; null: this is the last. */
  next: string | null;
  /** How many patches the filter means, on all pages. */
  total: number;
  /** Of which state of the store it tells (store/view.ts). */
  snapshot: string;
}

const MAX_LIMIT = 10_000;

/**
 * One page of the queue: latest month first, then in order of number. A cursor says after which patch to
 * go on, so patches that come or go in between neither repeat nor hide others.
 * Throws bad-input on a limit outside 1 to 10000 or a cursor that is none.
 */
export async function listPatches(
  store: Store,
  filter: PatchFilter,
  { limit, cursor, at }: { limit: number; cursor?: string | null | undefined; at: Date },
): Promise<PatchPage> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new ServiceError('bad-input', `A page has 1 to ${MAX_LIMIT} patches; got the limit ${limit}.`);
  }
  const after = cursor ? readCursor(cursor) : null;
  return onOneState(store.db, async (db) => {
    const snapshot = await snapshotOf(db, at);
    const resolved = await resolveFilter(db, filter);
    // One more than asked for tells whether there is a next page.
    const rows = await queuePage(db, resolved, limit + 1, after);
    const page = rows.slice(0, limit);
    const ids = page.map(({ id }) => id);
    const layers = await layersOfPatches(db, ids);
    const names = await districtNames(db);
    return {
      patches: page.map((row) => ({
        ...row,
        districtName: names.get(row.district) ?? row.district,
        layers: layers.get(row.id)!,
      })),
      next: rows.length > limit ? writeCursor(page[limit - 1]) : null,
      total: await countQueue(db, resolved),
      snapshot,
    };
  });
}

export function writeCursor({ month, number }: { month: string; number: string }): string {
  return Buffer.from(JSON.stringify([month, number])).toString('base64url');
}

export function readCursor(cursor: string): { month: string; number: string } {
  try {
    const [month, number] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof month === 'string' && typeof number === 'string') return { month, number };
  } catch {
    // Whatever it is, it is no cursor: said below.
  }
  throw new ServiceError('bad-input', `A cursor is the 'next' of an earlier page; got '${cursor}'.`);
}
