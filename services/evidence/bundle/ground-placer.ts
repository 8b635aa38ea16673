import { fromLonLat } from '../../../imagery/crs.ts';
import type { Grid } from '../../../imagery/grid.ts';

/** Takes a path of lon, lat, … to the pixels of a picture, from its left and top. */
export function groundPlacer(grid: Grid): (path: Float64Array) => [number, number][] {
  const project = fromLonLat(grid.crs ?? 'EPSG:4326');
  return (path) => {
    const points: [number, number][] = [];
    for (let i = 0; i < path.length; i += 2) {
      const [x, y] = project(path[i], path[i + 1]);
      points.push([(x - grid.originX) / grid.pixelWidth, (y - grid.originY) / grid.pixelHeight]);
    }
    return points;
  };
}
