import type { LonLatBox } from '../../../imagery/grid.ts';
import { type BandRole, sarRoles } from '../../../imagery/scene.ts';
import { monthAfter } from '../../month/calendar-month.ts';
import type { SceneRow } from '../../store/scenes.ts';

/** What one sensor took of a place on one day: one image, or the tiles that meet there. */
export interface DateGroup {
  /** Id of its first scene. */
  id: string;
  date: string;
  sensor: string;
  radar: boolean;
  /** That which covers most of the place's box first. */
  scenes: SceneRow[];
}

/** Scenes by day and sensor, in order of time. */
export function groupByDate(rows: readonly SceneRow[], box: LonLatBox): DateGroup[] {
  const groups = Map.groupBy(rows, ({ date, sensor }) => `${date} ${sensor}`);
  return [...groups.keys()].sort().map((key) => {
    const scenes = groups.get(key)!.toSorted((a, b) => shared(b, box) - shared(a, box) || (a.id < b.id ? -1 : 1));
    const [{ id, date, sensor, bandsJson }] = scenes;
    const radar = (JSON.parse(bandsJson) as BandRole[]).some((role) => sarRoles.includes(role));
    return { id, date, sensor, radar, scenes };
  });
}

/** Square degrees that a scene's box and another share. */
function shared(scene: SceneRow, box: LonLatBox): number {
  const width = Math.min(scene.maxLon, box.maxLon) - Math.max(scene.minLon, box.minLon);
  const height = Math.min(scene.maxLat, box.maxLat) - Math.max(scene.minLat, box.minLat);
  return Math.max(0, width) * Math.max(0, height);
}

export interface StripPage {
  shown: DateGroup[];
  total: number;
  /** Where the pages on either side begin; null at the ends. */
  previous: string | null;
  next: string | null;
}

/**
 * At most `limit` dates. Without `from` the page that holds the onset: a third of it before the change, or as much of
 * the end as there is.
 * @param from id of the first date wanted; one that is not there begins at the start
 */
export function pageOf(
  groups: readonly DateGroup[],
  { from, limit, onset }: { from?: string | undefined; limit: number; onset: string },
): StripPage {
  const last = Math.max(0, groups.length - limit);
  const changed = groups.findIndex(({ date }) => date >= onset);
  const usual = Math.min(last, Math.max(0, (changed < 0 ? groups.length : changed) - Math.ceil(limit / 3)));
  const first =
    from === undefined
      ? usual
      : Math.max(
          0,
          groups.findIndex(({ id }) => id === from),
        );
  const shown = groups.slice(first, first + limit);
  return {
    shown,
    total: groups.length,
    previous: first > 0 ? groups[Math.max(0, first - limit)].id : null,
    next: groups[first + limit]?.id ?? null,
  };
}

/** Months from the first to the last imaged one in which no image of the place was taken: a month missed is said too. */
export function unseenMonths(imaged: readonly string[], groups: readonly DateGroup[]): string[] {
  const seen = new Set(groups.map(({ date }) => date.slice(0, 7)));
  const missed: string[] = [];
  const last = imaged.at(-1);
  for (let month = imaged[0]; last !== undefined && month <= last; month = monthAfter(month)) {
    if (!seen.has(month)) missed.push(month);
  }
  return missed;
}
