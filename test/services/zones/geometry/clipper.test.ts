import fc from 'fast-check';
import type { MultiPolygon, Polygon } from 'geojson';
import { describe, expect, it } from 'vitest';
import {
  difference,
  intersection,
  localPlane,
  type Plane,
  type PlanePaths,
  pathsAreaM2,
  symmetricDifference,
  toPaths,
  toPolygons,
  unionOf,
} from '../../../../services/zones/geometry/clipper.ts';
import { toGeoJson } from '../../../../services/zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';
import { geosJudgement, geosMissing } from '../../../support/geos.ts';
import { planted } from '../../../support/planted-defects.ts';
import { randomPartition, ringAt, seeded, starRing } from '../../../support/random-shapes.ts';

const place = [112.6, 26.9];
const zone = (...rings: number[][][]): ZoneGeometry => ({
  kind: 'polygon',
  parts: [rings.map((ring) => Float64Array.from(ring.flat()))],
});

function boxRound(ring: number[][]) {
  const [lons, lats] = [ring.map(([lon]) => lon), ring.map(([, lat]) => lat)];
  return { minLon: Math.min(...lons), minLat: Math.min(...lats), maxLon: Math.max(...lons), maxLat: Math.max(...lats) };
}

const square = (x: number, y: number, side: number) =>
  ringAt(place, [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
    [x, y],
  ]);

/** The same ring again as another survey has it: corners a little off, or more corners on the same edges. */
const surveys: Record<string, (ring: number[][], random: () => number) => number[][]> = {
  'a millimetre off': (ring, random) => shaken(ring, random, 1e-8),
  'a micrometre off': (ring, random) => shaken(ring, random, 1e-11),
  'with corners on its edges': (ring, random) => {
    const open = ring.slice(1).flatMap((q, i) => {
      const [p, t] = [ring[i], random()];
      return [p, [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]];
    });
    return [...open, open[0]];
  },
  elsewhere: (_, random) => ringAt([place[0] + 0.003 * random(), place[1]], starRing(random, 12, 300)),
};

function shaken(ring: number[][], random: () => number, by: number): number[][] {
  const open = ring.slice(1).map(([x, y]) => [x + by * (random() - 0.5), y + by * (random() - 0.5)]);
  return [...open, open[0]];
}

describe('two shapes in a plane', () => {
  it('share and miss what squares of known sides do', () => {
    const plane = localPlane(boxRound(square(0, 0, 100)));
    const [a, b] = [toPaths(zone(square(0, 0, 100)), plane), toPaths(zone(square(60, 60, 100)), plane)];
    const areaM2 = (paths: PlanePaths) => pathsAreaM2(paths, plane);
    expect(areaM2(intersection(a, b))).toBeCloseTo(1600, 1);
    expect(areaM2(difference(a, b))).toBeCloseTo(8400, 1);
    const full = localPlane(boxRound(square(0, 0, 160)));
    const both = unionOf([square(0, 0, 100), square(60, 60, 100)].map((ring) => toPaths(zone(ring), full)));
    expect(pathsAreaM2(both, full) / 18_400).toBeCloseTo(1, 4);
  });

  it.each(Object.keys(surveys))('lose no area, 500 cases: the other %s', (survey) => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 3, max: 24 }), (seed, corners) => {
        const random = seeded(seed);
        const a = ringAt(place, starRing(random, corners, 10 + 1000 * random()));
        const plane = localPlane(boxRound(a));
        const [A, B] = [a, surveys[survey](a, random)].map((ring) => toPaths(zone(ring), plane));
        const [both, onlyA, onlyB] = [intersection(A, B), difference(A, B), difference(B, A)];
        const areaM2 = (paths: PlanePaths) => pathsAreaM2(paths, plane);
        expect(Math.abs(areaM2(both) + areaM2(onlyA) - areaM2(A))).toBeLessThanOrEqual(1e-6 * areaM2(A));
        expect(Math.abs(areaM2(unionOf([onlyA, both, onlyB])) - areaM2(unionOf([A, B])))).toBeLessThanOrEqual(
          1e-6 * areaM2(A),
        );
      }),
      { seed: 44, numRuns: 500 },
    );
  });

  it('a patch cut by the zones of a partition is all in its pieces', () => {
    const random = seeded(7);
    for (let n = 0; n < 50; n++) {
      const patch = ringAt(place, starRing(random, 14, 200));
      const plane = localPlane(boxRound(patch));
      const A = toPaths(zone(patch), plane);
      const county = ringAt(
        place,
        square(-40_000, -40_000, 80_000).map(([lon, lat]) => toMetres(lon, lat)),
      );
      const pieces = randomPartition(random, county, 5).map((ring) => toPaths(zone(ring), plane));
      const sum = pieces.reduce((total, piece) => total + pathsAreaM2(intersection(A, piece), plane), 0);
      expect(Math.abs(sum / pathsAreaM2(A, plane) - 1)).toBeLessThan(1e-6);
      let rest = A;
      for (const piece of pieces) rest = difference(rest, piece);
      expect(pathsAreaM2(rest, plane) / pathsAreaM2(A, plane)).toBeLessThan(1e-6);
    }
  });

  it('are the same as themselves: nothing is left of a shape less itself', () => {
    const plane = localPlane(boxRound(square(0, 0, 100)));
    const a = toPaths(zone(square(0, 0, 100), square(30, 30, 40).toReversed()), plane);
    expect(difference(a, a)).toEqual([]);
    expect(symmetricDifference(a, a)).toEqual([]);
    expect(pathsAreaM2(intersection(a, a), plane)).toBe(pathsAreaM2(a, plane));
    expect(intersection(a, [])).toEqual([]);
    expect(pathsAreaM2(difference(a, []), plane)).toBe(pathsAreaM2(a, plane));
  });
});

/** Metres east and north of the place, as ringAt() has them. */
function toMetres(lon: number, lat: number): [number, number] {
  return [(lon - place[0]) * 111_320 * Math.cos((place[1] * Math.PI) / 180), (lat - place[1]) * 111_320];
}

describe.skipIf(geosMissing)('what is left of two shapes, as polygons,', () => {
  it('is valid by GEOS, however their sides lie on each other', () => {
    const kinds = ['holes on a grid', 'parts on a grid', 'parts anywhere'];
    const shapes = kinds.flatMap((kind) => Array.from({ length: 100 }, (_, seed) => planted[kind](seeded(seed))));
    const plane = localPlane({ minLon: 112.59, minLat: 26.89, maxLon: 112.612, maxLat: 26.912 });
    const [as, bs] = [0, 1].map((k) =>
      shapes.map((parts) =>
        unionOf([parts[k % parts.length], parts[0].slice(k)].map((rings) => toPaths(zone(...rings), plane))),
      ),
    );
    const results = as.flatMap((a, i) => [intersection(a, bs[i]), difference(a, bs[i]), symmetricDifference(a, bs[i])]);
    const polygons = results.map((paths) => toPolygons(paths, plane)).filter((shape) => shape !== null);
    expect(polygons.length).toBeGreaterThan(300);
    const coordinates = polygons.map((shape) => {
      const json = toGeoJson(shape) as Polygon | MultiPolygon;
      return json.type === 'Polygon' ? [json.coordinates] : json.coordinates;
    });
    geosJudgement(coordinates).forEach(({ valid }, i) => {
      expect(valid, JSON.stringify(coordinates[i])).toBe(true);
    });
  });
});

describe('a plane', () => {
  const plane: Plane = localPlane(boxRound(square(0, 0, 100)));

  it('keeps corners to a few micrometres, and holes as holes', () => {
    const rings = [square(0, 0, 100), square(30, 30, 40).toReversed()];
    const back = toPolygons(toPaths(zone(...rings), plane), plane)!;
    expect(back.parts.map((part) => part.map((ring) => ring.length))).toEqual([[10, 10]]);
    for (const [k, ring] of rings.entries()) {
      for (const [lon, lat] of ring) {
        const flat = back.parts[0][k];
        const off = ring.map((_, i) => Math.hypot(flat[2 * i] - lon, flat[2 * i + 1] - lat));
        expect(Math.min(...off)).toBeLessThan(3e-11);
      }
    }
  });

  it('cuts off what sticks out far, and keeps its products exact', () => {
    const paths = toPaths(zone(square(-1e6, -1e6, 2e6)), plane);
    expect(paths).toHaveLength(1);
    for (const { x, y } of paths[0]) expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(2 ** 25);
    expect(toPaths(zone(square(5000, 5000, 10)), plane)).toEqual([]);
  });

  it('has no paths for lines, and no polygons for nothing', () => {
    const line: ZoneGeometry = { kind: 'line', parts: [[Float64Array.of(112.6, 26.9, 112.7, 26.9)]] };
    expect(toPaths(line, plane)).toEqual([]);
    expect(toPolygons([], plane)).toBeNull();
  });
});
