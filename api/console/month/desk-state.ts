import { useEffect, useRef, useState } from 'preact/hooks';
import type { PatchDetail, PatchItem } from '../../server/schemas.ts';
import { getJson } from '../shell/server.ts';
import { type Filter, filterFromAddress, patchFromAddress, showInAddress } from './filter.ts';
import type { PatchList } from './list.ts';

/** Filter and chosen patch, as the address has them; going back in the browser goes back in them. */
export function useAddress(month: string) {
  const [filter, setFilter] = useState<Filter>(() => ({ ...filterFromAddress(), month }));
  const [chosen, setChosen] = useState<string | null>(patchFromAddress());
  const change = (changed: Partial<Filter>) => {
    const next = { ...filter, ...changed };
    showInAddress(next, chosen, true);
    setFilter(next);
  };
  useEffect(() => {
    if (month !== filter.month) setFilter((before) => ({ ...before, month, bbox: '' }));
  }, [month]);
  useEffect(() => showInAddress(filter, chosen, false), [filter, chosen]);
  useEffect(() => {
    const back = () => {
      setFilter((before) => ({ ...filterFromAddress(), month: before.month }));
      setChosen(patchFromAddress());
    };
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  return { filter, change, chosen, setChosen };
}

/**
 * Nobody should meet an empty panel, nor one that a new filter leaves out: the first of the list stands there instead.
 * A patch that was moved on stays, though it may no longer be in the list.
 */
export function useFirstOfList(list: PatchList, chosen: string | null, choose: (number: string | null) => void): void {
  const asked = useRef<string | null>(null);
  useEffect(() => {
    if (!list.loaded) return;
    const narrowed = asked.current !== null && asked.current !== list.query;
    asked.current = list.query;
    const gone = narrowed && !list.patches.some((patch) => patch.number === chosen);
    if (chosen === null || gone) choose(list.patches[0]?.number ?? null);
  }, [list.loaded, list.query, list.edition]);
}

/** The chosen patch as the list has it; one that is not listed is asked for by itself. */
export function useItem(listed: PatchItem | undefined, chosen: string | null): PatchItem | null {
  const [read, setRead] = useState<PatchDetail | null>(null);
  const missing = listed === undefined && chosen !== null ? chosen : null;
  useEffect(() => {
    if (missing === null) return undefined;
    const loading = new AbortController();
    getJson<PatchDetail>(`patches/${encodeURIComponent(missing)}`, loading.signal).then(setRead, () => {});
    return () => loading.abort();
  }, [missing]);
  return listed ?? (read !== null && read.number === chosen ? read : null);
}

/**
 * Whether list and counts tell of different moments for no doing of one's own: then both are loaded again, once for each
 * moment. What one has just done stays in the list until one asks for it anew.
 */
export function useSameMoment(
  list: PatchList,
  counted: string | undefined,
  ownChanges: number,
  refresh: () => void,
): boolean {
  const since = useRef({ edition: -1, ownChanges: 0 });
  if (since.current.edition !== list.edition) since.current = { edition: list.edition, ownChanges };
  const isApart =
    list.loaded && counted !== undefined && counted !== list.snapshot && since.current.ownChanges === ownChanges;
  const tried = useRef('');
  useEffect(() => {
    if (!isApart || tried.current === counted) return;
    tried.current = counted as string;
    refresh();
  }, [isApart, counted]);
  return isApart;
}

const lookAgainMs = 60_000;

/** Who comes back to a page left open wants today's figures, and who stays those of others. */
export function useToday(back: () => void, look: () => void): void {
  const latest = useRef({ back, look });
  latest.current = { back, look };
  useEffect(() => {
    const seen = () => document.visibilityState === 'visible' && latest.current.back();
    const timer = setInterval(() => document.visibilityState === 'visible' && latest.current.look(), lookAgainMs);
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, []);
}
