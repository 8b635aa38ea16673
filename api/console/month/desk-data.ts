import { useEffect, useRef, useState } from 'preact/hooks';
import type { RunSummary } from '../../../services/month/summary.ts';
import type { MonthTable, PatchPage, ZoneCollection } from '../../server/schemas.ts';
import { useLoaded } from '../shell/loaded.ts';
import { getJson } from '../shell/server.ts';
import { type Filter, filterQuery } from './filter.ts';

export interface DeskData {
  table: MonthTable | null;
  /** What the month's last finished run says of itself; null where one may not see it. */
  run: RunSummary | null;
  /** Every patch that the filter means. */
  page: PatchPage | null;
  /** Why the list or the table could not be loaded; what is shown is what was loaded before. */
  failure: Error | null;
  districts: ZoneCollection;
  redLines: ZoneCollection;
  /** Types and layers met so far: what the filters offer. */
  types: string[];
  layers: string[];
  /** Asks for the list and the table again, after a patch was moved on. */
  refresh: () => void;
}

/** The server gives out red lines in boxes of at most this side; over more, the map does without. */
const widestDegrees = 0.5;

const noZones: ZoneCollection = { type: 'FeatureCollection', features: [] };

/** All that the desk shows besides the chosen patch. */
export function useDeskData(filter: Filter): DeskData {
  const [edition, setEdition] = useState(0);
  const [failure, setFailure] = useState<Error | null>(null);
  const { month } = filter;
  const query = filterQuery(filter).toString();
  const load = async (signal: AbortSignal) => {
    const loaded = await Promise.all([wholeList(query, signal), monthTable(month, signal)]);
    setFailure(null);
    return loaded;
  };
  const [page, table] = useLoaded(load, [query, edition], setFailure) ?? [null, null];
  const run = useLoaded((signal) => lastRun(month, signal), [month], setFailure);
  const ground = useLoaded(loadGround, [], setFailure);
  const met = useRef({ types: new Set<string>(), layers: new Set<string>() }).current;
  for (const patch of page?.patches ?? []) {
    met.types.add(patch.type);
    for (const layer of patch.layers) met.layers.add(layer);
  }
  const refresh = () => setEdition((before) => before + 1);
  useReturn(refresh);
  return {
    table,
    run,
    page,
    failure,
    districts: ground?.districts ?? noZones,
    redLines: ground?.redLines ?? noZones,
    types: [...met.types].sort(),
    layers: [...met.layers].sort(),
    refresh,
  };
}

/** Who comes back to a page left open wants today's figures. */
function useReturn(refresh: () => void): void {
  useEffect(() => {
    const back = () => document.visibilityState === 'visible' && refresh();
    document.addEventListener('visibilitychange', back);
    return () => document.removeEventListener('visibilitychange', back);
  }, []);
}

async function monthTable(month: string, signal: AbortSignal): Promise<MonthTable | null> {
  return month === '' ? null : getJson<MonthTable>(`months/${month}`, signal);
}

async function lastRun(month: string, signal: AbortSignal): Promise<RunSummary | null> {
  if (month === '') return null;
  const { runs } = await getJson<{ runs: { summary: RunSummary | null }[] }>(`runs?month=${month}`, signal);
  // A run that has not finished has no summary, and one of an older edition may have another.
  return runs.find((run) => run.summary?.screened !== undefined)?.summary ?? null;
}

/** A county's month is a few hundred patches: the list and the map hold all of them. */
async function wholeList(query: string, signal: AbortSignal): Promise<PatchPage> {
  const whole: PatchPage = { patches: [], total: 0, next: null, snapshot: '' };
  do {
    const cursor: string = whole.next === null ? '' : `&cursor=${whole.next}`;
    const page = await getJson<PatchPage>(`patches?${query}&limit=1000${cursor}`, signal);
    whole.patches.push(...page.patches);
    whole.total = page.total;
    whole.next = page.next;
  } while (whole.next !== null);
  return whole;
}

async function loadGround(signal: AbortSignal): Promise<{ districts: ZoneCollection; redLines: ZoneCollection }> {
  const districts = await getJson<ZoneCollection>('zones?layer=districts&tolerance=0.0001', signal);
  const corners = districts.features.flatMap((zone) => zone.geometry.coordinates.flat(3)) as number[];
  if (corners.length === 0) return { districts, redLines: noZones };
  const [lons, lats] = [corners.filter((_, index) => index % 2 === 0), corners.filter((_, index) => index % 2 === 1)];
  const bbox = [least(lons), least(lats), -least(lons.map((lon) => -lon)), -least(lats.map((lat) => -lat))];
  if (bbox[2] - bbox[0] > widestDegrees || bbox[3] - bbox[1] > widestDegrees) return { districts, redLines: noZones };
  return {
    districts,
    redLines: await getJson<ZoneCollection>(`zones?layer=red-line&tolerance=0.00005&bbox=${bbox}`, signal),
  };
}

function least(values: number[]): number {
  return values.reduce((lowest, value) => Math.min(lowest, value), Infinity);
}
