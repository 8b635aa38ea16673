import { transitionIn } from '../lifecycle/transition.ts';
import type { Store } from '../store/open.ts';
import { findPatch } from '../store/patches.ts';
import type { PlaceLinkTable } from '../store/schema-lineage.ts';

/** A patch that a detection brings back, as it was when that was found. */
export interface BringingBack {
  patchId: string;
  state: string;
  detectionId: string;
  effect: PlaceLinkTable['effect'];
  relation: PlaceLinkTable['relation'];
  /** What was known of the place, and what of the detection goes beyond it. */
  knownM2: number;
  beyondM2: number;
  /** Last look unchanged and first look changed. */
  beforeDate: string;
  afterDate: string;
}

/**
 * Brings an ended patch back into the queue under its own number, the detection as evidence. Where somebody moved it in
 * between it is left to them. Gives what came of it.
 */
export async function bringBack(trx: Store['db'], given: BringingBack, at: Date): Promise<PlaceLinkTable['effect']> {
  const { patchId, effect, detectionId } = given;
  if (effect !== 'reinstated' && effect !== 'reopened') return effect;
  if ((await findPatch(trx, patchId))?.state !== given.state) return 'linked';
  const [action, reason] = effect === 'reopened' ? ['reopen', 'relapse'] : ['reinstate', 'grown'];
  const payload = { note: noteOf(given), evidence: [detectionId], detectionId };
  await transitionIn(trx, { subject: 'patch', id: patchId, action, actor: 'tuban', reason, payload, at });
  return effect;
}

function noteOf({ relation, knownM2, beyondM2, beforeDate, afterDate }: BringingBack): string {
  const [known, beyond] = [knownM2, beyondM2].map((area) => area.toFixed(0));
  const [zhSeen, enSeen] = [`${beforeDate}至${afterDate}影像`, `Images of ${beforeDate} to ${afterDate}`];
  if (relation === 'grows') {
    const zh = `${zhSeen}显示该地块扩大 ${beyond} 平方米（原 ${known} 平方米）。`;
    return `${zh} ${enSeen} show it grown by ${beyond} m² beyond the ${known} m² known.`;
  }
  return `${zhSeen}显示该地块整改后再次变化。 ${enSeen} show it changed again after it had been put right.`;
}
