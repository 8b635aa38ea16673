import type { Store } from '../store/open.ts';
import { closedPatches, listVerdicts, type VerdictFilter } from '../store/watch.ts';
import type { VerdictName } from './decide.ts';

/** How the patches of a district that were put right stand by what images have shown since; each is counted once. */
export interface WatchFigures {
  district: string;
  /** Confirmed as restored. */
  confirmed: number;
  /** Opened again on what an image showed, and not closed since. */
  reopened: number;
  /** Looked at, seen clearly, and waiting for more looks. */
  waiting: number;
  /** The latest month has no clear look of it, or it was not looked at yet. */
  noClearLook: number;
  /** For a person to look at. */
  notSure: number;
  /** Regularised or confiscated. */
  notRequired: number;
}

export type WatchedVerdict = Awaited<ReturnType<typeof listVerdicts>>[number];

export interface WatchList {
  verdicts: WatchedVerdict[];
  districts: WatchFigures[];
}

/** Verdicts of a month (all months unless given), the latest of each patch and month, and figures by district as they are now. */
export async function watchList(store: Store, filter: VerdictFilter): Promise<WatchList> {
  const all = await listVerdicts(store.db, { district: filter.district });
  const latest = [...new Map(all.map((row) => [`${row.patchId} ${row.month}`, row])).values()];
  const verdicts = latest.filter(({ month }) => filter.month === undefined || month === filter.month);
  return { verdicts, districts: await figuresOf(store, latest, filter.district ?? '') };
}

async function figuresOf(store: Store, verdicts: readonly WatchedVerdict[], within: string): Promise<WatchFigures[]> {
  const last = new Map(verdicts.map((row) => [row.patchId, row]));
  const figures = new Map<string, WatchFigures>();
  const count = (code: string, name: Exclude<keyof WatchFigures, 'district'>) => {
    const district = code.slice(0, 6);
    const zero = { confirmed: 0, reopened: 0, waiting: 0, noClearLook: 0, notSure: 0, notRequired: 0 };
    const row = figures.get(district) ?? { district, ...zero };
    row[name]++;
    figures.set(district, row);
  };
  for await (const page of closedPatches(store.db, ['resolved', 'restored', 'reopened'])) {
    for (const { id, district, state } of page) {
      if (!district.startsWith(within)) continue;
      const verdict = last.get(id);
      if (state === 'restored') count(district, 'confirmed');
      else if (state === 'resolved') count(district, figureOf(verdict?.verdict as VerdictName | undefined));
      else if (verdict?.step === 'reopen') count(district, 'reopened');
    }
  }
  return [...figures.values()].sort((a, b) => (a.district < b.district ? -1 : 1));
}

function figureOf(verdict: VerdictName | undefined): 'waiting' | 'noClearLook' | 'notSure' | 'notRequired' {
  if (verdict === undefined || verdict === 'no-clear-look') return 'noClearLook';
  if (verdict === 'not-required') return 'notRequired';
  return verdict === 'restored' ? 'waiting' : 'notSure';
}
