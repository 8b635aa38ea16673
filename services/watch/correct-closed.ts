import { correctedRows, correctIn } from '../cycle/correct.ts';
import { closedMonth } from '../store/cycle-months.ts';
import { monthsOfPatches } from '../store/late.ts';
import type { Store } from '../store/open.ts';

/** Enters a correction of every closed month whose record counts one of the patches, in the caller's transaction. */
export async function correctClosed(
  trx: Store['db'],
  patchIds: readonly string[],
  entered: { actor: string; reason: string; at: Date },
): Promise<{ month: string; entry: number }[]> {
  const entries: { month: string; entry: number }[] = [];
  for (const [month, ids] of await monthsOfPatches(trx, [...new Set(patchIds)])) {
    if ((await closedMonth(trx, month)) === null) continue;
    const recorded = new Set((await correctedRows(trx, month)).rows.map(({ patchId }) => patchId));
    const own = ids.filter((id) => recorded.has(id));
    const correction = own.length === 0 ? null : await correctIn(trx, { month, ...entered }, own);
    if (correction !== null) entries.push({ month, entry: correction.entry });
  }
  return entries;
}
