import type { MultiPolygon, Polygon } from 'geojson';
import { joinRuns, type PixelRuns, RunCollector, rectangleRuns } from '../../detectors/runs.ts';
import { type Grid, sameGrid, type Window, windowGrid } from '../../imagery/grid.ts';
import { overlayRuns } from '../zones/overlay/overlay.ts';

/** What a comparison saw of the ground: cells, less what was hidden in them. */
export interface Sight {
  grid: Grid;
  cells: readonly Window[];
  hidden: readonly PixelRuns[];
}

/**
 * How much of each district one comparison saw that the other had not, m² by code; null where the two are on lattices
 * of their own, so that their pixels are not the same.
 */
export function gainedGround(
  late: Sight,
  before: Sight,
  districts: readonly { code: string; geometry: Polygon | MultiPolygon }[],
): Record<string, number> | null {
  const offset = offsetOf(late.grid, before.grid);
  if (offset === null) return null;
  const seen = without(seenRuns(late), shifted(seenRuns(before), offset));
  if (seen.row.length === 0) return {};
  const zones = districts.map(({ code, geometry }) => ({ id: code, geometry }));
  return Object.fromEntries(overlayRuns(seen, late.grid, zones).map(({ zoneId, areaM2 }) => [zoneId, areaM2]));
}

function seenRuns({ cells, hidden }: Sight): PixelRuns {
  const all = joinRuns(cells.map(({ column, row, width, height }) => rectangleRuns(column, row, width, height)));
  return without(all, joinRuns(hidden));
}

/** Columns and rows by which the other grid's first pixel lies off the first's; null where lattices differ. */
function offsetOf(grid: Grid, other: Grid): { column: number; row: number } | null {
  const column = Math.round((other.originX - grid.originX) / grid.pixelWidth);
  const row = Math.round((other.originY - grid.originY) / grid.pixelHeight);
  const same = windowGrid(grid, { column, row, width: other.width, height: other.height });
  return sameGrid(same, other) ? { column, row } : null;
}

function shifted({ row, start, end }: PixelRuns, by: { column: number; row: number }): PixelRuns {
  return {
    row: row.map((y) => y + by.row),
    start: start.map((x) => x + by.column),
    end: end.map((x) => x + by.column),
  };
}

/** Pixels of the one that are not in the other; both sorted as PixelRuns are. */
export function without(runs: PixelRuns, taken: PixelRuns): PixelRuns {
  const rows = new Map<number, [number, number][]>();
  for (let k = 0; k < taken.row.length; k++) {
    const list = rows.get(taken.row[k]) ?? [];
    if (list.length === 0) rows.set(taken.row[k], list);
    list.push([taken.start[k], taken.end[k]]);
  }
  const left = new RunCollector();
  for (let k = 0; k < runs.row.length; k++) {
    let from = runs.start[k];
    for (const [start, end] of rows.get(runs.row[k]) ?? []) {
      if (end <= from || start >= runs.end[k]) continue;
      if (start > from) left.add(runs.row[k], from, start);
      from = Math.max(from, end);
    }
    if (from < runs.end[k]) left.add(runs.row[k], from, runs.end[k]);
  }
  return left.finish();
}
