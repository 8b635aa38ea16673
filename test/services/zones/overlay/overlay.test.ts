import type { Polygon, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { toLonLat } from '../../../../imagery/crs.ts';
import { geometryAreaM2 } from '../../../../imagery/ellipsoid.ts';
import { type Grid, pixelGrid } from '../../../../imagery/grid.ts';
import { ServiceError } from '../../../../services/error.ts';
import { homeOf } from '../../../../services/zones/overlay/districts.ts';
import { overlayRuns, runsAreaM2 } from '../../../../services/zones/overlay/overlay.ts';
import { geodesicAreaM2 } from '../../../support/geodesic.ts';
import { randomPartition, seeded, starRing } from '../../../support/random-shapes.ts';
import { randomRuns, rectangleRuns, runsOf } from '../../../support/runs.ts';

const size = { width: 4096, height: 4096 };
const grids: [string, Grid][] = [
  [
    'Gauss-Krüger 1 m',
    { ...size, crs: 'EPSG:4526', originX: 38420000, originY: 2980000, pixelWidth: 1, pixelHeight: -1 },
  ],
  ['UTM 10 m', { ...size, crs: 'EPSG:32649', originX: 640000, originY: 2990000, pixelWidth: 10, pixelHeight: -10 }],
  ['lon/lat 1e-4°', { ...size, crs: 'EPSG:4326', originX: 106.4, originY: 29.7, pixelWidth: 1e-4, pixelHeight: -1e-4 }],
  [
    'web mercator 2 m',
    { ...size, crs: 'EPSG:3857', originX: 12534000, originY: 3112000, pixelWidth: 2, pixelHeight: -2 },
  ],
];

/** A polygon given in a grid's pixel coordinates, as lon/lat. */
function polygonAt(grid: Grid, ...rings: Position[][]): Polygon {
  const lonLat = toLonLat(grid.crs!);
  const coordinates = rings.map((ring) =>
    ring.map(([x, y]) => lonLat(grid.originX + x * grid.pixelWidth, grid.originY + y * grid.pixelHeight)),
  );
  return polygon(...coordinates);
}

const polygon = (...coordinates: Position[][]): Polygon => ({ type: 'Polygon', coordinates });

const rectangle = (x: number, y: number, width: number, height: number): Position[] => [
  [x, y],
  [x, y + height],
  [x + width, y + height],
  [x + width, y],
  [x, y],
];

describe.each(grids)('on a %s grid', (_name, grid) => {
  it("a patch's area is that of its outline on the ellipsoid", () => {
    const patch = rectangleRuns(1000, 2000, 300, 200);
    const outline = polygonAt(grid, rectangle(1000, 2000, 300, 200)).coordinates[0];
    expect(runsAreaM2(patch, grid)! / Math.abs(geodesicAreaM2(outline))).toBeCloseTo(1, 5);
    expect(runsAreaM2(patch, grid)! / geometryAreaM2(polygon(outline))).toBeCloseTo(1, 5);
  });

  it('zones that tile the ground, meeting in T-joints, add up to the patch', () => {
    const random = seeded(21);
    for (let n = 0; n < 12; n++) {
      const patch = randomRuns(random, 900, 1900, 250, 120);
      const [around] = polygonAt(grid, rectangle(700, 1700, 600, 500)).coordinates;
      const zones = randomPartition(random, around, 5).map((ring, i) => ({ id: String(i), geometry: polygon(ring) }));
      const sum = overlayRuns(patch, grid, zones).reduce((total, { areaM2 }) => total + areaM2, 0);
      expect(Math.abs(sum / runsAreaM2(patch, grid)! - 1)).toBeLessThan(1e-6);
    }
  });

  it('a zone full of patch has its own area', () => {
    const zone = starRing(seeded(22), 9, 150).map(([x, y]) => [1200 + x, 2200 + y]);
    const geometry = polygonAt(grid, zone);
    const [overlap] = overlayRuns(rectangleRuns(1000, 2000, 400, 400), grid, [{ id: 'farm', geometry }]);
    expect(overlap.areaM2 / geometryAreaM2(geometry)).toBeCloseTo(1, 5);
  });

  it('a hole is not part of the zone', () => {
    const patch = rectangleRuns(1000, 2000, 40, 40);
    const ring = rectangle(900, 1900, 300, 300);
    const whole = overlayRuns(patch, grid, [{ id: 'z', geometry: polygonAt(grid, ring) }]);
    const pond = overlayRuns(patch, grid, [
      { id: 'z', geometry: polygonAt(grid, ring, rectangle(1010, 2010, 20, 20)) },
    ]);
    expect(whole[0].areaM2 / runsAreaM2(patch, grid)!).toBeCloseTo(1, 9);
    expect(pond[0].areaM2 / whole[0].areaM2).toBeCloseTo(0.75, 5);
  });
});

describe('overlay', () => {
  const [, grid] = grids[0];
  const patch = rectangleRuns(1000, 2000, 20, 10);

  it('leaves out zones the patch does not touch, however near', () => {
    const zones = [
      { id: 'beside', geometry: polygonAt(grid, rectangle(1020.001, 1990, 50, 50)) },
      { id: 'far', geometry: polygonAt(grid, rectangle(3000, 1990, 50, 50)) },
      { id: 'over one column', geometry: polygonAt(grid, rectangle(1019, 1990, 50, 50)) },
    ];
    const overlaps = overlayRuns(patch, grid, zones);
    expect(overlaps.map(({ zoneId }) => zoneId)).toEqual(['over one column']);
    expect(overlaps[0].areaM2).toBeCloseTo(runsAreaM2(patch, grid)! / 20, 4);
  });

  it('adds the parts of a zone in many parts', () => {
    const parts = [rectangle(1000, 1990, 5, 50), rectangle(1010, 1990, 5, 50)];
    const geometry = {
      type: 'MultiPolygon' as const,
      coordinates: parts.map((part) => polygonAt(grid, part).coordinates),
    };
    const [overlap] = overlayRuns(patch, grid, [{ id: 'z', geometry }]);
    expect(overlap.areaM2 / runsAreaM2(patch, grid)!).toBeCloseTo(0.5, 7);
  });

  it('gives the same zone the same answer on a grid of another CRS afterwards', () => {
    const zone = { id: 'z', geometry: polygonAt(grid, rectangle(1010, 1990, 50, 50)) };
    const first = overlayRuns(patch, grid, [zone]);
    overlayRuns(patch, grids[1][1], [zone]);
    expect(overlayRuns(patch, grid, [zone])).toEqual(first);
  });

  it('refuses a patch without georeference, whose area nobody knows either', () => {
    expect(runsAreaM2(patch, pixelGrid(100, 100))).toBeNull();
    expect(() => overlayRuns(patch, pixelGrid(100, 100), [])).toThrow(ServiceError);
  });

  it('stays accurate for a patch kilometres wide near the edge of a zone', () => {
    const wide = rectangleRuns(0, 0, 4096, 50);
    const half = polygonAt(grid, rectangle(0, -10, 1500, 100));
    const exact = geometryAreaM2(polygonAt(grid, rectangle(0, 0, 1500, 50)));
    expect(overlayRuns(wide, grid, [{ id: 'half', geometry: half }])[0].areaM2 / exact).toBeCloseTo(1, 6);
  });
});

describe('the district of a patch', () => {
  const [, grid] = grids[0];
  const west = { id: '430421', geometry: polygonAt(grid, rectangle(900, 0, 100, 50)) };
  const east = { id: '430405', geometry: polygonAt(grid, rectangle(1000, 0, 100, 50)) };
  const town = { id: '430421101', geometry: polygonAt(grid, rectangle(950, 0, 50, 50)) };
  const homeIn = (run: [number, number, number], districts: (typeof west)[]) => {
    const patch = runsOf([run]);
    const total = runsAreaM2(patch, grid)!;
    return homeOf(
      overlayRuns(patch, grid, districts).map(({ zoneId, areaM2 }) => ({ code: zoneId, share: areaM2 / total })),
    );
  };

  it('is the one with the largest share', () => {
    expect(homeIn([10, 990, 1004], [east, west])).toBe('430421');
    expect(homeIn([10, 996, 1010], [east, west])).toBe('430405');
  });

  it('is the lower code when the halves are even, in whatever order they come', () => {
    expect(homeIn([10, 990, 1010], [west, east])).toBe('430405');
    expect(homeIn([10, 990, 1010], [east, west])).toBe('430405');
  });

  it('is the county of a patch that lies wholly in one of its towns', () => {
    expect(homeIn([10, 960, 980], [town, west, east])).toBe('430421');
  });

  it('is null outside all of them', () => {
    expect(homeIn([10, 5000, 5010], [west, east])).toBeNull();
  });
});
