import { bringBack } from '../lineage/bring-back.ts';
import type { Store } from '../store/open.ts';
import { insertPlaceLinks } from '../store/place-links.ts';
import type { Ready } from './ready.ts';

/**
 * Keeps, in the run's own transaction, which known places each detection touches, and brings those patches back that it
 * calls for. Nothing else of a patch is a run's to change: its outline, type and judgement stay what people made them.
 */
export async function linkPlaces(trx: Store['db'], ready: readonly Ready[], now: Date): Promise<void> {
  for (const { detectionId, judged, place } of ready) {
    const links = [];
    for (const { state, knownM2, ...link } of place.links) {
      const { beforeDate, afterDate } = judged;
      const effect = await bringBack(trx, { ...link, state, knownM2, detectionId, beforeDate, afterDate }, now);
      links.push({ ...link, detectionId, effect, at: now.toISOString() });
    }
    await insertPlaceLinks(trx, links);
  }
}
