import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { ChipFrame, PatchDetail } from '../../server/schemas.ts';
import { getJson, getPicture } from '../shell/server.ts';
import { word } from '../shell/text.ts';
import { Swipe } from './swipe.ts';

/** Pixels asked for: a patch and its surroundings are seldom more pixels of the image itself. */
const size = 512;
/** Pictures are work for the server: who runs through the list with J does not want each of them. */
const patienceMs = 120;

interface Loaded {
  frame: ChipFrame;
  before: string;
  after: string;
}

/** Loads the two pictures of a patch and their common frame, and lets go of them when another is shown. */
export function ChipView({ patch }: { patch: PatchDetail }) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    const loading = new AbortController();
    const urls: string[] = [];
    loadChips(patch.id, loading.signal, urls).then(setLoaded, (error: Error) => {
      if (!loading.signal.aborted) setFailure(error.message);
    });
    return () => {
      loading.abort();
      for (const url of urls) URL.revokeObjectURL(url);
    };
  }, [patch.id]);
  if (failure !== null) return html`<div class="swipe missing"><p>${word('noPicture')}<br />${failure}</p></div>`;
  if (loaded === null) return html`<div class="swipe missing"><p>${word('pictureLoading')}</p></div>`;
  const { frame, before, after } = loaded;
  const { width, height, outline } = frame;
  return html`
    <${Swipe} beforeUrl=${before} afterUrl=${after} width=${width} height=${height} outline=${outline}
      beforeDates=${datesOf(patch, 'before') || frame.beforeDate} afterDates=${datesOf(patch, 'after') || frame.afterDate}
      pixelM=${Math.sqrt(patch.areaM2 / ringsArea(outline))} />
  `;
}

/** Every date of which the picture shows a part: where one image is hidden, another shows the ground. */
function datesOf({ detection }: PatchDetail, which: 'before' | 'after'): string {
  const pairs = (detection.evidence['pairs'] ?? []) as Record<typeof which, { date: string }>[];
  return [...new Set(pairs.map((pair) => pair[which].date))].join(', ');
}

/** Area inside rings, in their own units; holes turn the other way round and take theirs off. */
function ringsArea(rings: [number, number][][]): number {
  const doubled = (ring: [number, number][]) =>
    ring.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = ring[(i + 1) % ring.length];
      return sum + x * nextY - nextX * y;
    }, 0);
  return Math.abs(rings.reduce((sum, ring) => sum + doubled(ring), 0)) / 2;
}

async function loadChips(id: string, signal: AbortSignal, urls: string[]): Promise<Loaded> {
  const picture = async (which: string) => {
    const url = await getPicture(`patches/${id}/${which}.png?size=${size}`, signal);
    urls.push(url);
    return url;
  };
  await new Promise((resolve) => setTimeout(resolve, patienceMs));
  signal.throwIfAborted();
  const frame = getJson<ChipFrame>(`patches/${id}/chip.json?size=${size}`, signal);
  const [loadedFrame, before, after] = await Promise.all([frame, picture('before'), picture('after')]);
  return { frame: loadedFrame, before, after };
}
