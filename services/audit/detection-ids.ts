import { contentId } from '../month/evidence.ts';
import type { HashedDetection } from '../store/audit.ts';

/** What a content id looks like; others were not made from content. */
const CONTENT_ID = /^[0-9a-f]{24}$/;

/** Patches of these come from a clue, a row of a batch, a split or a merge: their ids name that, not the content. */
const BY_SOURCE = ['clue', 'batch', 'split', 'merge'];

/**
 * What a detection's id must be by its content, put together as services/month does; null where the id was not made
 * from content. `''`: the content cannot even be read.
 */
export function idByContent({ id, month, placeId, screening, evidenceJson }: HashedDetection): string | null {
  if (!CONTENT_ID.test(id) || BY_SOURCE.includes(screening)) return null;
  const stored = evidenceOf(evidenceJson);
  if (stored === null) return '';
  if (screening === 'expired') return contentId('detection', month, placeId, stored['expired']);
  if (screening === 'lead') return contentId('detection', month, placeId, stored['lead']);
  const { tblx: _, ...evidence } = stored;
  // Hashed as it was judged, before it was known that the place has a patch already.
  return contentId('detection', month, evidence, screening === 'known-place' ? 'issued' : screening);
}

function evidenceOf(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
