import type { Polygon } from 'geojson';
import { describe, expect, it } from 'vitest';
import { fromLonLat, toLonLat } from '../../imagery/crs.ts';
import { geometryAreaM2, groundPixelSizeM, pixelAreaM2, ringAreaM2 } from '../../imagery/ellipsoid.ts';
import { type Grid, pixelGrid } from '../../imagery/grid.ts';
import { geodesicAreaM2, geodesicDistanceM } from '../support/geodesic.ts';
import { ringAt, seeded, starRing } from '../support/random-shapes.ts';

const chinaPlace = (random: () => number) => [75 + 60 * random(), 18 + 36 * random()];

/** The largest relative difference from geographiclib over 200 random polygons of one size, 18-54°N. */
function worstError(radiusM: number): number {
  const random = seeded(radiusM);
  let worst = 0;
  for (let i = 0; i < 200; i++) {
    const ring = ringAt(chinaPlace(random), starRing(random, 3 + Math.floor(9 * random()), radiusM));
    worst = Math.max(worst, Math.abs(ringAreaM2(ring) / geodesicAreaM2(ring) - 1));
  }
  return worst;
}

describe('the area of a polygon', () => {
  it.each([
    // At 100 m the oracle itself is the limit: its areas are sums of differences of some 1e13 m².
    [100, 1e-6],
    [1_000, 1e-8],
    [5_000, 1e-9],
    [20_000, 1e-8],
    [100_000, 1e-6],
  ])('of irregular shape and %i m radius agrees with geographiclib to %d', (radiusM, tolerance) => {
    expect(worstError(radiusM)).toBeLessThan(tolerance);
  });

  it('is that of the whole belt for a quadrangle that follows parallels', () => {
    const ring: [number, number][] = [];
    for (let i = 0; i <= 1000; i++) ring.push([110 + i / 1000, 26]);
    for (let i = 1000; i >= 0; i--) ring.push([110 + i / 1000, 27]);
    ring.push(ring[0]);
    // A pixel of 1° in a geographic grid is the same quadrangle, calculated without any ring.
    const grid = { width: 1, height: 1, crs: 'EPSG:4490', originX: 110, originY: 27, pixelWidth: 1, pixelHeight: -1 };
    expect(ringAreaM2(ring) / pixelAreaM2(grid, 0, 0)!).toBeCloseTo(1, 10);
  });

  it('takes off holes and adds parts, whichever way their rings turn', () => {
    const shell = ringAt([112.6, 26.9], starRing(seeded(1), 8, 900));
    const hole = ringAt([112.6, 26.9], starRing(seeded(2), 5, 100));
    const other = ringAt([113.6, 27.9], starRing(seeded(3), 5, 400));
    const wanted = Math.abs(geodesicAreaM2(shell)) - Math.abs(geodesicAreaM2(hole));
    const polygon: Polygon = { type: 'Polygon', coordinates: [shell, hole.toReversed()] };
    expect(geometryAreaM2(polygon) / wanted).toBeCloseTo(1, 7);
    expect(geometryAreaM2({ type: 'Polygon', coordinates: [shell.toReversed(), hole] })).toBe(geometryAreaM2(polygon));
    expect(
      geometryAreaM2({ type: 'MultiPolygon', coordinates: [[shell, hole], [other]] }) - geometryAreaM2(polygon),
    ).toBeCloseTo(Math.abs(ringAreaM2(other)), 4);
  });
});

/** 1 m Gauss-Krüger grid of zone 38 with its top-left corner at a place. */
function gaussKrugerGrid(lon: number, lat: number, pixelM = 1): Grid {
  const [x, y] = fromLonLat('EPSG:4526')(lon, lat);
  return {
    width: 512,
    height: 512,
    crs: 'EPSG:4526',
    originX: x,
    originY: y,
    pixelWidth: pixelM,
    pixelHeight: -pixelM,
  };
}

describe('the area of a pixel', () => {
  it('of a projected grid is its footprint on the ellipsoid', () => {
    for (const [lon, lat] of [
      [114, 26.9],
      [112.5, 26.9],
      [115.4, 19],
      [113, 53],
    ]) {
      const grid = gaussKrugerGrid(lon, lat, 100);
      const lonLat = toLonLat('EPSG:4526');
      const [x, y] = [grid.originX + 300 * 100, grid.originY - 200 * 100];
      const corners = [lonLat(x, y), lonLat(x, y - 100), lonLat(x + 100, y - 100), lonLat(x + 100, y), lonLat(x, y)];
      expect(pixelAreaM2(grid, 300, 200)! / geodesicAreaM2(corners)).toBeCloseTo(1, 6);
      expect(pixelAreaM2(grid, 300, 200)! / ringAreaM2(corners)).toBeCloseTo(1, 8);
    }
  });

  it('is stable: neighbours differ by no more than the projection does', () => {
    const grid = gaussKrugerGrid(112.5, 26.9, 0.5);
    for (let column = 0; column < 200; column++) {
      const change = pixelAreaM2(grid, column + 1, 77)! / pixelAreaM2(grid, column, 77)! - 1;
      expect(Math.abs(change)).toBeLessThan(1e-8);
    }
  });

  it('adds up: a 5 km square of pixels has the area of the square', () => {
    const grid = gaussKrugerGrid(112.5, 26.9, 10);
    const lonLat = toLonLat('EPSG:4526');
    let sum = 0;
    for (let row = 5; row < 500; row += 10) {
      for (let column = 5; column < 500; column += 10) sum += 100 * pixelAreaM2(grid, column - 0.5, row - 0.5)!;
    }
    const [x0, y0, x1, y1] = [grid.originX, grid.originY, grid.originX + 5000, grid.originY - 5000];
    const ring = [lonLat(x0, y0), lonLat(x0, y1), lonLat(x1, y1), lonLat(x1, y0), lonLat(x0, y0)];
    expect(sum / geodesicAreaM2(ring)).toBeCloseTo(1, 6);
  });

  it('of a geographic grid shrinks with latitude, row by row, and is the same all along a row', () => {
    const degrees = 8.983e-5;
    const grid: Grid = {
      width: 100,
      height: 100,
      crs: 'EPSG:4326',
      originX: 112,
      originY: 27,
      pixelWidth: degrees,
      pixelHeight: -degrees,
    };
    expect(pixelAreaM2(grid, 3, 50)).toBe(pixelAreaM2(grid, 93, 50));
    expect(pixelAreaM2(grid, 3, 50)).toBeGreaterThan(pixelAreaM2(grid, 3, 49)!);
    const size = groundPixelSizeM(grid)!;
    expect((size.x * size.y) / pixelAreaM2(grid, 49.5, 49.5)!).toBeCloseTo(1, 9);
  });

  it('of web mercator is far less than its nominal square', () => {
    const [x, y] = fromLonLat('EPSG:3857')(112.6, 26.9);
    const grid = { ...pixelGrid(10, 10), crs: 'EPSG:3857', originX: x, originY: y, pixelHeight: -1 };
    expect(pixelAreaM2(grid, 0, 0)).toBeCloseTo(0.797, 2);
  });

  it('does not exist on a grid without georeference', () => {
    expect(pixelAreaM2(pixelGrid(10, 10), 0, 0)).toBeNull();
    expect(groundPixelSizeM(pixelGrid(10, 10))).toBeNull();
  });
});

describe('the size of a pixel on the ground', () => {
  it('is not square where a degree is not', () => {
    const grid = { ...pixelGrid(500, 500), crs: 'EPSG:4326', originX: 7.2, originY: 48.1 };
    const size = groundPixelSizeM({ ...grid, pixelWidth: 1e-4, pixelHeight: -1e-4 })!;
    expect(size.y).toBeCloseTo(geodesicDistanceM([7.2, 48.07495], [7.2, 48.07505]), 5);
    expect(size.x).toBeCloseTo(geodesicDistanceM([7.2, 48.075], [7.2001, 48.075]), 5);
  });
});
