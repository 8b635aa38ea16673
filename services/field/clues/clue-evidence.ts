import type { MultiPolygon, Polygon } from 'geojson';
import type { Grid, LonLatBox } from '../../../imagery/grid.ts';
import { lastDayOf } from '../../month/calendar-month.ts';
import type { Evidence } from '../../month/evidence.ts';
import { latestLooks } from '../../month/latest-looks.ts';
import { lonLatBox, sceneOfRow } from '../../scenes/scene-record.ts';
import type { Store } from '../../store/open.ts';
import { listScenes } from '../../store/scenes.ts';

/** Degrees of a pixel, about a metre, where no image says how fine the ground is looked at. */
const FINE = 1e-5;
/** Pixels a side that a reported place is drawn with at most. */
const MOST_SIDE = 2000;

/** The latest looks at a reported place, up to and including the month, and where on them it lies. */
export async function looksAt(
  { db }: Store,
  month: string,
  geometry: Polygon | MultiPolygon,
  box: LonLatBox,
): Promise<Evidence> {
  const scenes = (await listScenes(db, { to: lastDayOf(month) })).map(sceneOfRow).reverse();
  const shows = scenes.filter(({ grid }) => holds(lonLatBox(grid), box));
  const latest = shows[0]?.date?.slice(0, 7);
  const afters = shows.filter(({ date }) => date?.slice(0, 7) === latest);
  const befores = shows.filter(({ date }) => (date ?? '') < `${latest}-01`);
  return latestLooks({ grid: afters[0]?.grid ?? plainGrid(box), afters, befores }, geometry, box);
}

function plainGrid({ minLon, minLat, maxLon, maxLat }: LonLatBox): Grid {
  const step = Math.max(FINE, (maxLon - minLon) / MOST_SIDE, (maxLat - minLat) / MOST_SIDE);
  const at = { originX: minLon, originY: maxLat, pixelWidth: step, pixelHeight: -step };
  return { width: 1, height: 1, crs: 'EPSG:4326', ...at };
}

function holds(outer: LonLatBox, inner: LonLatBox): boolean {
  const [west, east] = [outer.minLon <= inner.minLon, outer.maxLon >= inner.maxLon];
  return west && east && outer.minLat <= inner.minLat && outer.maxLat >= inner.maxLat;
}
