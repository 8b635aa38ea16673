import { stateOf } from '../lifecycle/transitions.ts';
import type { PlaceLinkTable } from '../store/schema-lineage.ts';
import { NOT_SEEN } from '../themes/sighted-areas.ts';

/** What becomes of a patch whose place is seen to change again; pure. Only detections of change are judged here. */

/** What is known of a place: its patch, the open one or else the latest. */
export interface KnownPatch {
  state: string;
  type: string;
  /** Of all that is known to have changed there. */
  areaM2: number;
  /** Local day on which it ended, and the reason code of that; null of an open one, or where none was given. */
  endedOn: string | null;
  reason: string | null;
}

export interface SeenChange {
  type: string;
  /** Last look that showed it unchanged, YYYY-MM-DD. */
  beforeDate: string;
  /** What of it lies beyond all that is known there. */
  beyondM2: number;
}

export type SeenAgain = Pick<PlaceLinkTable, 'relation' | 'effect'>;

/**
 * The least by which a place grows. 200 m² is the smallest building worth a look of its own (mappingUnitsM2); a fifth of
 * the place is more than its border wanders from one pair of images to the next.
 */
export const GROWN = { leastM2: 200, share: 0.2 };

/**
 * - Open: it is being dealt with; the detection is linked, and whoever has it sees that it grew.
 * - Resolved (put right): brought back as a relapse where it has grown, or where the change began after it was put right.
 *   One whose last look unchanged is older may be the putting right itself.
 * - Closed as no breach, or dismissed: where another type of change began after that, it is another matter at the same
 *   place: a patch of its own, as what was said of the first speaks of that alone and its month may be closed. Where an
 *   image was at fault nothing was said of the ground, so any change that began since is another. Otherwise brought
 *   back where it has grown, and not issued where it is seen as it was.
 */
export function seenAgain(known: KnownPatch, { type, beforeDate, beyondM2 }: SeenChange): SeenAgain {
  const grown = beyondM2 >= GROWN.leastM2 && beyondM2 >= GROWN.share * known.areaM2;
  const { outcome } = stateOf('patch', known.state);
  if (outcome === 'open') return { relation: grown ? 'grows' : 'continues', effect: 'linked' };
  const relation = grown ? 'grows' : 'repeats';
  const since = known.endedOn !== null && beforeDate >= known.endedOn;
  if (known.state === 'resolved' || known.state === 'restored') {
    return { relation, effect: grown || since ? 'reopened' : 'linked' };
  }
  if (since && (type !== known.type || NOT_SEEN.has(known.reason ?? ''))) return { relation, effect: 'issued' };
  return { relation, effect: grown ? 'reinstated' : 'linked' };
}
