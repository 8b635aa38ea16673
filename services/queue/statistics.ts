import type { Store } from '../store/open.ts';
import { countAll, countBy, type Dimension, type PatchCount } from '../store/statistics.ts';
import { onOneState, snapshotOf } from '../store/view.ts';
import type { PatchFilter } from './filter.ts';
import { resolveFilter } from './resolve-filter.ts';

export interface PatchStatistics {
  /** Of which state of the store it tells (store/view.ts). */
  snapshot: string;
  total: Omit<PatchCount, 'value'>;
  /** One for each dimension asked for, in the order they were asked for. */
  groups: { by: Dimension; values: PatchCount[] }[];
}

/** How many patches a filter means, how large they are and how many of them are overdue, all of one state of the store. */
export async function patchStatistics(
  store: Store,
  filter: PatchFilter,
  { by, at }: { by: readonly Dimension[]; at: Date },
): Promise<PatchStatistics> {
  return onOneState(store.db, async (db) => {
    const snapshot = await snapshotOf(db, at);
    const resolved = await resolveFilter(db, filter);
    const { value: _, ...total } = await countAll(db, resolved, at);
    const groups: PatchStatistics['groups'] = [];
    for (const one of new Set(by)) groups.push({ by: one, values: await countBy(db, resolved, one, at) });
    return { snapshot, total, groups };
  });
}
