import type { FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import { fromLonLat } from '../../imagery/crs.ts';
import type { Grid } from '../../imagery/grid.ts';

/** 1 where a pixel's centre lies inside one of the polygons (lon/lat), row-major over the grid. */
export function rasterised(grid: Grid, { features }: FeatureCollection<Polygon | MultiPolygon>): Uint8Array {
  const pixels = new Uint8Array(grid.width * grid.height);
  const project = fromLonLat(grid.crs!);
  const place = ([lon, lat]: Position): Position => {
    const [x, y] = project(lon, lat);
    return [(x - grid.originX) / grid.pixelWidth, (y - grid.originY) / grid.pixelHeight];
  };
  for (const { geometry } of features) {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    fill(
      pixels,
      grid.width,
      polygons.flat().map((ring) => ring.map(place)),
    );
  }
  return pixels;
}

/** Even-odd, so that holes stay out. */
function fill(pixels: Uint8Array, width: number, rings: Position[][]): void {
  const crossings = new Map<number, number[]>();
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [[x0, y0], [x1, y1]] = ring[i - 1][1] < ring[i][1] ? [ring[i - 1], ring[i]] : [ring[i], ring[i - 1]];
      for (let row = Math.ceil(y0 - 0.5); row + 0.5 < y1; row++) {
        const x = x0 + ((x1 - x0) * (row + 0.5 - y0)) / (y1 - y0);
        crossings.set(row, [...(crossings.get(row) ?? []), x]);
      }
    }
  }
  for (const [row, ofRow] of crossings) {
    ofRow.sort((a, b) => a - b);
    for (let i = 0; i + 1 < ofRow.length; i += 2) {
      pixels.fill(1, row * width + Math.ceil(ofRow[i] - 0.5), row * width + Math.ceil(ofRow[i + 1] - 0.5));
    }
  }
}
