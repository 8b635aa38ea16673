import { useEffect, useState } from 'preact/hooks';
import type { PatchDetail } from '../../server/schemas.ts';
import type { PlaceStrip } from '../../server/strip-schemas.ts';
import { getJson } from '../shell/server.ts';
import type { Slots } from './compare.ts';
import { pairsOf } from './dated.ts';

/** Looking at every date is work for the server: who runs through the list does not want it of each patch. */
const patienceMs = 400;
const kept = new Map<string, PlaceStrip>();
const most = 40;

/**
 * The dates of a patch's place, a page at a time; null until they are there. Where no pair of images found the patch
 * the first two clear dates are put beside each other.
 */
export function useStrip(
  patch: PatchDetail,
  onSlots: (slots: Slots) => void,
): [strip: PlaceStrip | null, showPage: (from: string) => void] {
  const path = `patches/${encodeURIComponent(patch.number)}/strip`;
  const [strip, setStrip] = useState<PlaceStrip | null>(kept.get(path) ?? null);
  const take = (loaded: PlaceStrip) => {
    setStrip(loaded);
    if (pairsOf(patch).length > 0) return;
    const clear = loaded.dates.filter(({ sight }) => sight !== 'no-image');
    if (clear.length > 0) onSlots({ left: clear[0].id, right: clear[clear.length - 1].id });
  };
  useEffect(() => {
    if (strip !== null) {
      take(strip);
      return undefined;
    }
    const loading = new AbortController();
    load(path, loading.signal).then(take, () => {});
    return () => loading.abort();
  }, [patch.number]);
  const showPage = (from: string) => void getJson<PlaceStrip>(`${path}?from=${from}`).then(setStrip, () => {});
  return [strip, showPage];
}

async function load(path: string, signal: AbortSignal): Promise<PlaceStrip> {
  await new Promise((resolve) => setTimeout(resolve, patienceMs));
  signal.throwIfAborted();
  const strip = await getJson<PlaceStrip>(path, signal);
  kept.set(path, strip);
  const [oldest] = kept.keys();
  if (kept.size > most) kept.delete(oldest);
  return strip;
}
