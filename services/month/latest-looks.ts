import type { MultiPolygon, Polygon } from 'geojson';
import { detectorVersion } from '../../detectors/model.ts';
import { fromLonLat } from '../../imagery/crs.ts';
import { type Grid, type LonLatBox, windowGrid } from '../../imagery/grid.ts';
import type { Scene } from '../../imagery/scene.ts';
import { pixelsInside } from '../evaluation/polygon-runs.ts';
import { lonLatBox } from '../scenes/scene-record.ts';
import { type Evidence, plainRuns } from './evidence.ts';
import type { MonthPlan } from './plan.ts';

/**
 * The latest looks at a piece of ground that was not found by comparing images, and where on them it lies, so that
 * whoever opens it sees it. No pair where the month's images, or those before, do not show it whole.
 */
export function latestLooks(
  plan: Pick<MonthPlan, 'grid' | 'afters' | 'befores'>,
  geometry: Polygon | MultiPolygon,
  box: LonLatBox,
): Evidence {
  const grid = gridAround(plan.grid, box);
  const shows = (scene: Scene) => contains(lonLatBox(scene.grid), box);
  const [after, before] = [plan.afters.find(shows), plan.befores.find(shows)];
  const look = ({ id, sha256, date, sensor }: Scene) => ({ id, sha256, date: date ?? '', sensor: sensor ?? '' });
  const pairs =
    after && before
      ? [
          {
            before: look(before),
            after: look(after),
            pixels: 0,
            method: null,
            shiftPx: null,
            threshold: null,
            ties: [],
          },
        ]
      : [];
  const measured = { features: {}, bands: [], meanBefore: [], meanAfter: [], peak: 0 };
  const runs = plainRuns(pixelsInside(geometry, grid));
  return { detectorVersion, method: null, grid, runs, pairs, ...measured };
}

/** The part of an endless lattice round a box, with room for its surroundings. */
function gridAround(lattice: Grid, { minLon, minLat, maxLon, maxLat }: LonLatBox): Grid {
  const project = fromLonLat(lattice.crs ?? 'EPSG:4326');
  const corners = [project(minLon, minLat), project(maxLon, minLat), project(minLon, maxLat), project(maxLon, maxLat)];
  const columns = corners.map(([x]) => (x - lattice.originX) / lattice.pixelWidth);
  const rows = corners.map(([, y]) => (y - lattice.originY) / lattice.pixelHeight);
  const [left, right] = [Math.floor(Math.min(...columns)), Math.ceil(Math.max(...columns))];
  const [top, bottom] = [Math.floor(Math.min(...rows)), Math.ceil(Math.max(...rows))];
  const room = Math.max(right - left, bottom - top);
  const window = {
    column: left - room,
    row: top - room,
    width: right - left + 2 * room,
    height: bottom - top + 2 * room,
  };
  return windowGrid(lattice, window);
}

function contains(outer: LonLatBox, inner: LonLatBox): boolean {
  return (
    outer.minLon <= inner.minLon &&
    outer.maxLon >= inner.maxLon &&
    outer.minLat <= inner.minLat &&
    outer.maxLat >= inner.maxLat
  );
}
