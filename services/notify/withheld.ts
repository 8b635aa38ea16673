import { embargoesAt, subjectsWithin } from '../store/embargoes.ts';
import type { EventRow } from '../store/events.ts';
import { hiding } from '../store/hiding.ts';
import type { Store } from '../store/open.ts';

/** What is under embargo is told to no receiver: who stands behind an address is nobody's to say. */

/**
 * By patch or case, until when the messages of these events wait; those that are not in it go out at once. An embargo
 * lifted before its time does not hasten what waits for it already.
 * @param at UTC
 */
export async function withheldUntil(
  { db }: Store,
  events: readonly EventRow[],
  at: Date,
): Promise<ReadonlyMap<string, string>> {
  const until = new Map<string, string>();
  const ids = [...new Set(events.map(({ subjectId }) => subjectId))];
  for (const embargo of await embargoesAt(db, at)) {
    for (const id of await subjectsWithin(db, ids, embargo)) {
      if ((until.get(id) ?? '') < embargo.until) until.set(id, embargo.until);
    }
  }
  return until;
}

/** Does `work` as somebody for whom nothing under embargo exists. */
export async function withheld<T>(store: Store, at: Date, work: () => Promise<T>): Promise<T> {
  return hiding(await embargoesAt(store.db, at), work);
}
