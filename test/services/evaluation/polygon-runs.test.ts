import { writeFileSync } from 'node:fs';
import type { MultiPolygon, Polygon, Position } from 'geojson';
import { afterAll, describe, expect, it } from 'vitest';
import { pixelCount } from '../../../detectors/runs.ts';
import { toLonLat } from '../../../imagery/crs.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { pixelsInside } from '../../../services/evaluation/polygon-runs.ts';
import { painted } from '../../support/bitmaps.ts';
import { gdal, gdalBands, gdalMissing, temporaryFolder } from '../../support/gdal.ts';
import { seededRandom } from '../../support/random.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const grid: Grid = {
  width: 60,
  height: 50,
  crs: 'EPSG:4547',
  originX: 500_000,
  originY: 3_000_000,
  pixelWidth: 2,
  pixelHeight: -2,
};

/** A closed ring of points given in pixels, in lon/lat. */
function ring(...points: [column: number, row: number][]): Position[] {
  const lonLat = toLonLat(grid.crs!);
  const placed = points.map(([x, y]) =>
    lonLat(grid.originX + x * grid.pixelWidth, grid.originY + y * grid.pixelHeight),
  );
  return [...placed, placed[0]];
}

const box = (left: number, top: number, right: number, bottom: number) =>
  ring([left, top], [right, top], [right, bottom], [left, bottom]);

const polygon = (...coordinates: Position[][]): Polygon => ({ type: 'Polygon', coordinates });
const parts = (...coordinates: Position[][][]): MultiPolygon => ({ type: 'MultiPolygon', coordinates });
const pixelsOf = (geometry: Polygon | MultiPolygon) => painted(pixelsInside(geometry, grid), grid.width, grid.height);

describe('the pixels of a polygon', () => {
  it('are those whose centres lie inside', () => {
    const runs = pixelsInside(polygon(box(10.4, 5.6, 13.6, 7.4)), grid);
    expect(runs).toEqual({
      row: Int32Array.of(6),
      start: Int32Array.of(10),
      end: Int32Array.of(14),
    });
  });

  it('leave its holes out', () => {
    const runs = pixelsInside(polygon(box(0, 0, 10, 10), box(2, 2, 8, 8)), grid);
    expect(pixelCount(runs)).toBe(100 - 36);
  });

  it('are counted once where parts overlap or touch', () => {
    const runs = pixelsInside(parts([box(0, 0, 10, 10)], [box(5, 0, 15, 10)], [box(15, 0, 20, 10)]), grid);
    expect(pixelCount(runs)).toBe(200);
    expect(runs.row).toHaveLength(10);
  });

  it('end where the grid ends, and are none where it lies beside', () => {
    expect(pixelCount(pixelsInside(polygon(box(-1e4, -1e4, 1e4, 1e4)), grid))).toBe(60 * 50);
    expect(pixelCount(pixelsInside(polygon(box(-9, 2, -1, 7)), grid))).toBe(0);
    expect(pixelCount(pixelsInside(polygon(box(3, 60, 9, 70)), grid))).toBe(0);
  });

  it('follow edges that are straight in lon/lat, however long', () => {
    // 2° along a parallel is 5 km north of the straight line between its ends on the map.
    const lonLat = toLonLat(grid.crs!);
    const [lon, lat] = lonLat(500_020, 2_999_980);
    const wide = polygon([
      [lon - 1, lat],
      [lon + 1, lat],
      [lon + 1, lat - 1],
      [lon - 1, lat - 1],
      [lon - 1, lat],
    ]);
    expect(pixelCount(pixelsInside(wide, grid))).toBe(60 * 40);
  });

  it('are all of the grid inside the whole world, a hole of half of it taken out', () => {
    const lonLat = toLonLat(grid.crs!);
    const [lon] = lonLat(500_060, 2_999_950);
    const world = [[-179, -89], [179, -89], [179, 89], [-179, 89], [-179, -89]]; // biome-ignore format: a ring
    expect(pixelCount(pixelsInside(polygon(world), grid))).toBe(60 * 50);
    const west = [[-170, -80], [lon, -80], [lon, 80], [-170, 80], [-170, -80]]; // biome-ignore format: a ring
    expect(pixelCount(pixelsInside(polygon(world, west), grid))).toBe(30 * 50);
  });

  it('may be given in the CRS of the grid', () => {
    const [x, y] = [grid.originX, grid.originY];
    const square = [[x, y], [x + 20, y], [x + 20, y - 20], [x, y - 20], [x, y]]; // biome-ignore format: a ring
    expect(pixelCount(pixelsInside(polygon(square), grid, 'EPSG:4547'))).toBe(100);
  });

  it.skipIf(gdalMissing)('are those that gdal_rasterize burns, for stars with holes', () => {
    const random = seededRandom(5);
    const star = (x: number, y: number, size: number) =>
      ring(
        ...Array.from({ length: 11 }, (_, i): [number, number] => {
          const [radius, angle] = [size * (0.4 + 0.6 * random()), (2 * Math.PI * i) / 11];
          return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
        }),
      );
    // A star to each square of 10 pixels, some of which reach over the grid's edge.
    const geometries = Array.from({ length: 30 }, (_, i) => {
      const [x, y] = [10 * (i % 6) + 3 + 4 * random(), 10 * Math.floor(i / 6) + 3 + 4 * random()];
      return polygon(star(x, y, 4.5), star(x, y, 1.5));
    });
    const features = geometries.map((geometry) => ({ type: 'Feature', properties: {}, geometry }));
    const [vector, moved, raster] = ['stars.geojson', 'stars.gpkg', 'stars.tif'].map((name) => temporary.path(name));
    writeFileSync(vector, JSON.stringify({ type: 'FeatureCollection', features }));
    gdal('ogr2ogr', '-q', '-t_srs', 'EPSG:4547', moved, vector);
    const extent = ['500000', '2999900', '500120', '3000000'];
    gdal('gdal_rasterize', '-q', '-burn', '1', '-ot', 'Byte', '-tr', '2', '2', '-te', ...extent, moved, raster);
    const burnt = gdalBands(raster)[0];
    const ours = new Uint8Array(burnt.length);
    for (const geometry of geometries) {
      for (const [i, one] of pixelsOf(geometry).entries()) ours[i] |= one;
    }
    expect(ours.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(500);
    expect([...ours]).toEqual([...burnt]);
  });
});
