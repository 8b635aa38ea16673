import { transitionIn } from '../lifecycle/transition.ts';
import type { Store } from '../store/open.ts';
import { findPatch } from '../store/patches.ts';
import { addVerdict } from '../store/watch.ts';
import type { PlannedVerdict } from './check-month.ts';
import { correctClosed } from './correct-closed.ts';
import { type VerdictName, verdictLabels, type WatchReason, watchReasons } from './decide.ts';

/** Who takes the steps that follow from what images show. */
export const watchActor = 'tuban';

/** A step taken on a verdict. */
export interface WatchStepTaken {
  patchId: string;
  action: string;
  reason: string | null;
  verdictId: string;
}

/**
 * Writes verdicts and takes the steps that follow, in the caller's transaction. A verdict that is known is not written,
 * and its step not taken, twice.
 */
export async function writeVerdicts(
  trx: Store['db'],
  planned: readonly PlannedVerdict[],
  at: Date,
): Promise<WatchStepTaken[]> {
  const taken: WatchStepTaken[] = [];
  for (const { row, step, version, dates } of planned) {
    const patch = await findPatch(trx, row.patchId);
    // Somebody has moved it since it was looked at: what follows is theirs.
    const own = patch?.version === version ? step : null;
    const isNew = await addVerdict(trx, { ...row, step: own?.action ?? null, at: at.toISOString() });
    if (!isNew || own === null) continue;
    const reason = own.action === 'reopen' ? own.reason : null;
    const payload = { evidence: [row.id], note: noteOf(row, dates) };
    const { patchId, id: verdictId } = row;
    await transitionIn(trx, {
      subject: 'patch',
      id: patchId,
      action: own.action,
      actor: watchActor,
      reason,
      payload,
      at,
    });
    taken.push({ patchId, action: own.action, reason, verdictId });
    // It was never put right, whatever a closed month reported; a relapse was, at that time.
    if (reason === 'false-rectification')
      await correctClosed(trx, [patchId], { actor: watchActor, reason: payload.note, at });
  }
  return taken;
}

/** What was seen, in a sentence for the log. */
function noteOf({ verdict, reason, month, observedShare }: PlannedVerdict['row'], dates: readonly string[]): string {
  const label = verdictLabels[verdict as VerdictName].zh;
  const why = watchReasons[reason as WatchReason].zh;
  const seen = `可见 ${Math.round(100 * observedShare)}%`;
  return `${month} 影像复核（${[...new Set(dates)].join('、')}，${seen}）：${label}，${why}`;
}
