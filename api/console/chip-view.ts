import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { ChipFrame, PatchDetail } from '../server/schemas.ts';
import { getJson, getPicture } from './server.ts';
import { Swipe } from './swipe.ts';
import { word } from './text.ts';

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
  if (loaded === null) return html`<div class="swipe missing"></div>`;
  const { frame, before, after } = loaded;
  return html`<${Swipe} beforeUrl=${before} afterUrl=${after} ...${frame} />`;
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
