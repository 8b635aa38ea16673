import type { Position } from 'geojson';
import { toLonLat } from '../../imagery/crs.ts';
import type { Grid, LonLatBox } from '../../imagery/grid.ts';

/** A ring this wide or high, in degrees, may reach where the grid's projection bends or ends. */
const wideDegrees = 1;
/** How far a ring may reach beyond the grid. */
const marginDegrees = 0.1;
/** Points per side of the grid that its box is taken from. */
const probes = 24;

/**
 * A closed ring in lon/lat as it is near a grid: a wide one is cut off a little outside the grid, so that what is
 * left can be projected. Inside the grid nothing changes.
 */
export function nearGrid(ring: Position[], grid: Grid): Position[] {
  if (grid.crs === null || !isWide(ring)) return ring;
  const box = boxAround(grid);
  const sides: [axis: 0 | 1, limit: number, sign: 1 | -1][] = [
    [0, box.minLon, 1],
    [0, box.maxLon, -1],
    [1, box.minLat, 1],
    [1, box.maxLat, -1],
  ];
  return sides.reduce((left, [axis, limit, sign]) => cutOff(left, axis, limit, sign), ring);
}

function isWide(ring: Position[]): boolean {
  return [0, 1].some((axis) => {
    const [low, high] = ring.reduce(
      ([least, most], point) => [Math.min(least, point[axis]), Math.max(most, point[axis])],
      [Infinity, -Infinity],
    );
    return high - low > wideDegrees;
  });
}

function boxAround(grid: Grid): LonLatBox {
  const lonLat = toLonLat(grid.crs!);
  const box = { minLon: Infinity, minLat: Infinity, maxLon: -Infinity, maxLat: -Infinity };
  for (let j = 0; j <= probes; j++) {
    for (let i = 0; i <= probes; i++) {
      const [lon, lat] = lonLat(
        grid.originX + (i / probes) * grid.width * grid.pixelWidth,
        grid.originY + (j / probes) * grid.height * grid.pixelHeight,
      );
      box.minLon = Math.min(box.minLon, lon - marginDegrees);
      box.maxLon = Math.max(box.maxLon, lon + marginDegrees);
      box.minLat = Math.min(box.minLat, lat - marginDegrees);
      box.maxLat = Math.max(box.maxLat, lat + marginDegrees);
    }
  }
  return box;
}

/** What of a closed ring lies on one side of a line, closed along it (Sutherland and Hodgman 1974). */
function cutOff(ring: Position[], axis: 0 | 1, limit: number, sign: 1 | -1): Position[] {
  const kept: Position[] = [];
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1], ring[i]];
    const [fromIn, toIn] = [a, b].map((point) => sign * (point[axis] - limit) >= 0);
    if (fromIn !== toIn) {
      const t = (limit - a[axis]) / (b[axis] - a[axis]);
      kept.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
    }
    if (toIn) kept.push(b);
  }
  return kept.length === 0 ? [] : [...kept, kept[0]];
}
