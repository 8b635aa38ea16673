import { useEffect, useState } from 'preact/hooks';
import { early, getPicture } from '../shell/server.ts';

/** Pictures are work for the server: who runs through the list with J does not want each of them. */
const patienceMs = 120;
const most = 160;
/** Addresses of pictures that are there, by path, least recently shown first. */
const there = new Map<string, string>();

/** A picture's blob: address, null until it is there, or why there is none. */
export interface Shown {
  url: string | null;
  failure: string | null;
}

/** The picture at a path, kept for when it is shown again; null: none is wanted. */
export function usePicture(path: string | null): Shown {
  const [shown, setShown] = useState<Shown & { path: string | null }>({ path: null, url: null, failure: null });
  useEffect(() => {
    if (path === null || there.has(path)) return undefined;
    const loading = new AbortController();
    load(path, loading.signal).then(
      (url) => {
        keep(path, url);
        if (!loading.signal.aborted) setShown({ path, url, failure: null });
      },
      (error: Error) => {
        if (!loading.signal.aborted) setShown({ path, url: null, failure: error.message });
      },
    );
    return () => loading.abort();
  }, [path]);
  const url = path === null ? undefined : there.get(path);
  if (path !== null && url !== undefined) keep(path, url);
  return { url: url ?? null, failure: shown.path === path ? shown.failure : null };
}

async function load(path: string, signal: AbortSignal): Promise<string> {
  if (!early.has(path)) await new Promise((resolve) => setTimeout(resolve, patienceMs));
  signal.throwIfAborted();
  return getPicture(path, signal);
}

function keep(path: string, url: string): void {
  const before = there.get(path);
  if (before !== undefined && before !== url) URL.revokeObjectURL(before);
  there.delete(path);
  there.set(path, url);
  if (there.size <= most) return;
  const [[oldest, address]] = there;
  there.delete(oldest);
  URL.revokeObjectURL(address);
}
