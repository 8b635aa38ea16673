import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import type { Grid } from '../../imagery/grid.ts';
import { pixelsInside } from '../../services/evaluation/polygon-runs.ts';

/** 1 where a pixel's centre lies inside one of the polygons (lon/lat), row-major over the grid. */
export function rasterised(grid: Grid, { features }: FeatureCollection<Polygon | MultiPolygon>): Uint8Array {
  const pixels = new Uint8Array(grid.width * grid.height);
  for (const { geometry } of features) {
    const { row, start, end } = pixelsInside(geometry, grid);
    for (let i = 0; i < row.length; i++) pixels.fill(1, row[i] * grid.width + start[i], row[i] * grid.width + end[i]);
  }
  return pixels;
}
