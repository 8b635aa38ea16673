import type { Polygon } from 'geojson';
import { toLonLat } from '../../imagery/crs.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { Tiling } from './acquisitions.ts';
import type { Ring } from './geometry.ts';

/** CGCS2000, 3 degree Gauss-Krueger, central meridian 114 E: where the county lies on Earth. */
const COUNTY_CRS = 'EPSG:4547';

/** Easting and northing of the county's top-left corner (0, 0); the middle is near 112.9 E, 27.2 N. */
const ORIGIN_X = 389_000;
const ORIGIN_Y = 3_012_000;

/** The grid a tile's file declares. One county metre is one pixel. */
export function tileGrid(tiling: Tiling, column: number, row: number): Grid {
  return {
    width: tiling.tileSize,
    height: tiling.tileSize,
    crs: COUNTY_CRS,
    originX: ORIGIN_X + column * tiling.tileSize,
    originY: ORIGIN_Y - row * tiling.tileSize,
    pixelWidth: 1,
    pixelHeight: -1,
  };
}

/** A ring in county metres as an RFC 7946 polygon: longitude, latitude, outer ring anticlockwise, to 0.1 mm. */
export function lonLatPolygon(ring: Ring): Polygon {
  const project = toLonLat(COUNTY_CRS);
  const points = ring.map(([x, y]) => {
    const [lon, lat] = project(ORIGIN_X + x, ORIGIN_Y - y);
    return [rounded(lon), rounded(lat)];
  });
  if (turnsClockwise(points)) points.reverse();
  return { type: 'Polygon', coordinates: [[...points, points[0]]] };
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e9) / 1e9;
}

function turnsClockwise(points: number[][]): boolean {
  let sum = 0;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    sum += (points[i][0] - points[j][0]) * (points[i][1] + points[j][1]);
  }
  return sum > 0;
}
