import { useEffect, useRef, useState } from 'preact/hooks';
import type { PatchItem, PatchPage } from '../../server/schemas.ts';
import { getJson } from '../shell/server.ts';
import { inOrder, type Order } from './order.ts';

/** The patches of the filter, as far as they are loaded. */
export interface PatchList {
  /** False until the first page has come. */
  loaded: boolean;
  /** The filter that it was loaded for. */
  query: string;
  patches: PatchItem[];
  /** How many there are on the server. */
  total: number;
  snapshot: string;
  /** Why nothing more could be loaded; what was loaded before stays. */
  failure: Error | null;
  /** Counts the loads: a list that was loaded again shows nothing as moved. */
  edition: number;
  /** Loads the next page, if there is one. */
  more: () => void;
  /** Loads all of them; what was loaded when all are there. */
  all: () => Promise<PatchItem[]>;
}

const pageRows = 200;
const largePageRows = 1000;

interface Loaded {
  query: string;
  rows: PatchItem[];
  total: number;
  snapshot: string;
  next: string | null;
  edition: number;
}

/**
 * The list of GET /patches, page by page. The server gives it in order of number: in any other order all of it must be
 * loaded first. It is loaded again with each `edition`, as far as it was.
 */
export function usePatchList(query: string, order: Order, edition: number): PatchList {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const current = useRef<Loaded | null>(null);
  const loading = useRef<{ signal: AbortSignal; page: Promise<void> | null }>({
    signal: AbortSignal.abort(),
    page: null,
  });
  const keep = (next: Loaded) => {
    current.current = next;
    setLoaded(next);
    setFailure(null);
  };
  const nextPage = async (rows: number): Promise<void> => {
    const before = current.current;
    if (before === null || before.next === null || before.query !== query) return;
    const { signal } = loading.current;
    const page = await getJson<PatchPage>(`patches?${query}&limit=${rows}&cursor=${before.next}`, signal);
    const { total, snapshot, next } = page;
    if (!signal.aborted) keep({ ...before, rows: [...before.rows, ...page.patches], total, snapshot, next });
  };
  /** One page at a time: the second would be the first again. */
  const load = (rows: number): Promise<void> => {
    const page = loading.current;
    page.page ??= nextPage(rows)
      .catch((error: Error) => {
        if (!page.signal.aborted) setFailure(error);
        throw error;
      })
      .finally(() => {
        page.page = null;
      });
    return page.page;
  };
  const all = async () => {
    while (current.current?.query === query && current.current.next !== null) await load(largePageRows);
    return current.current?.rows ?? [];
  };
  useEffect(() => {
    const abort = new AbortController();
    loading.current = { signal: abort.signal, page: null };
    const had = current.current?.query === query ? current.current.rows.length : 0;
    const limit = had > pageRows ? largePageRows : pageRows;
    getJson<PatchPage>(`patches?${query}&limit=${limit}`, abort.signal).then(
      ({ patches: rows, total, snapshot, next }) => {
        if (abort.signal.aborted) return;
        keep({ query, rows, total, snapshot, next, edition });
        if (order !== 'number') all().catch(() => {});
      },
      (error: Error) => {
        if (!abort.signal.aborted) setFailure(error);
      },
    );
    return () => abort.abort();
  }, [query, edition]);
  useEffect(() => {
    if (order !== 'number') all().catch(() => {});
  }, [order]);
  const ordered = useOrdered(loaded?.rows ?? none, order);
  return {
    loaded: loaded !== null,
    query: loaded?.query ?? query,
    patches: ordered,
    total: loaded?.total ?? 0,
    snapshot: loaded?.snapshot ?? '',
    failure,
    edition: loaded?.edition ?? edition,
    more: () => void load(pageRows).catch(() => {}),
    all,
  };
}

const none: PatchItem[] = [];

function useOrdered(rows: PatchItem[], order: Order): PatchItem[] {
  const kept = useRef<{ rows: PatchItem[]; order: Order; ordered: PatchItem[] }>({ rows: none, order, ordered: none });
  if (kept.current.rows !== rows || kept.current.order !== order) {
    kept.current = { rows, order, ordered: order === 'number' ? rows : inOrder(rows, order) };
  }
  return kept.current.ordered;
}
