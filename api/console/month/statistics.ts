import { useLoaded } from '../shell/loaded.ts';
import { getJson } from '../shell/server.ts';
import { type Filter, filterQuery } from './filter.ts';

/** As GET /patches/statistics counts. */
export interface Count {
  patches: number;
  areaM2: number;
  overdue: number;
}

interface Statistics {
  snapshot: string;
  total: Count;
  groups: { by: string; values: (Count & { value: string | null })[] }[];
}

export type Counts = Map<string, Count>;

export interface Figures {
  snapshot: string;
  /** By state, whatever states are asked for: the chips tell what else there is. */
  states: Counts;
  /** Of all states. */
  total: Count;
  /** In the month, whatever else is asked for: what the filters can offer. */
  offers: { district: Counts; type: Counts; layer: Counts; theme: Counts };
}

/** What the chips do not restrict by: they are what one chooses it with. */
const chipFields = ['state', 'stage', 'overdue'] as const;

/** Counts under the filter; again with each `edition`. */
export function useFigures(filter: Filter, edition: number, onFailed: (error: Error) => void): Figures | null {
  const query = filterQuery(filter, chipFields).toString();
  const month = filter.month === '' ? '' : `month=${filter.month}&`;
  const load = async (signal: AbortSignal): Promise<Figures> => {
    const [chips, offers] = await Promise.all([
      getJson<Statistics>(`patches/statistics?${query}&by=state`, signal),
      getJson<Statistics>(`patches/statistics?${month}by=district,type,layer,theme`, signal),
    ]);
    const of = (by: string) => countsOf(offers, by);
    return {
      snapshot: chips.snapshot,
      states: countsOf(chips, 'state'),
      total: chips.total,
      offers: { district: of('district'), type: of('type'), layer: of('layer'), theme: of('theme') },
    };
  };
  return useLoaded(load, [query, month, edition], onFailed);
}

function countsOf({ groups }: Statistics, by: string): Counts {
  const values = groups.find((group) => group.by === by)?.values ?? [];
  return new Map(values.flatMap(({ value, ...count }) => (value === null ? [] : [[value, count] as const])));
}
