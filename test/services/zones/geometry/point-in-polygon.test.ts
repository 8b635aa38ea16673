import { describe, expect, it } from 'vitest';
import { contains, containsPoint, pointInside } from '../../../../services/zones/geometry/point-in-polygon.ts';
import { fromGeoJson } from '../../../../services/zones/geometry/wkb.ts';
import { ringAt, seeded, starRing } from '../../../support/random-shapes.ts';

const square = (x: number, y: number, side: number) => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
];

const frame = fromGeoJson({
  type: 'MultiPolygon',
  coordinates: [[square(0, 0, 10), square(2, 2, 6).toReversed()], [square(4, 4, 2)]],
});

describe('a point', () => {
  it.each([
    [1, 1, true],
    [3, 3, false],
    [5, 5, true],
    [11, 5, false],
    [9, 5, true],
  ])('at %d, %d lies in the frame with an island: %s', (lon, lat, inside) => {
    expect(containsPoint(frame, lon, lat)).toBe(inside);
  });

  it('on a side that two zones share lies in one of them', () => {
    const zones = [square(0, 0, 1), square(1, 0, 1), square(0, 1, 1), square(1, 1, 1)].map((ring) =>
      fromGeoJson({ type: 'Polygon', coordinates: [ring] }),
    );
    for (const [lon, lat] of [
      [1, 0.5],
      [0.5, 1],
      [1, 1],
    ]) {
      expect(zones.filter((zone) => containsPoint(zone, lon, lat))).toHaveLength(1);
    }
  });

  it('lies in the flat shape where it lies in the GeoJSON one, and in no line', () => {
    const random = seeded(3);
    for (let i = 0; i < 200; i++) {
      const ring = ringAt([112.6, 26.9], starRing(random, 9, 300));
      const [lon, lat] = [112.6 + 0.006 * (random() - 0.5), 26.9 + 0.006 * (random() - 0.5)];
      const polygon = { type: 'Polygon' as const, coordinates: [ring] };
      expect(containsPoint(fromGeoJson(polygon), lon, lat)).toBe(contains(polygon, [lon, lat]));
      expect(containsPoint(fromGeoJson({ type: 'LineString', coordinates: ring }), lon, lat)).toBe(false);
    }
  });
});

describe('a point inside', () => {
  it('is inside, of 500 random zones and of a frame', () => {
    const random = seeded(4);
    const zones = Array.from({ length: 500 }, () =>
      fromGeoJson({ type: 'Polygon', coordinates: [ringAt([112.6, 26.9], starRing(random, 3 + 20 * random(), 300))] }),
    );
    for (const zone of [frame, ...zones]) expect(containsPoint(zone, ...pointInside(zone))).toBe(true);
  });

  it('of a line is on it', () => {
    const line = (...coordinates: number[][]) => fromGeoJson({ type: 'LineString', coordinates });
    expect(pointInside(line([0, 0], [2, 1]))).toEqual([1, 0.5]);
    expect(pointInside(line([0, 0], [2, 1], [3, 3]))).toEqual([2, 1]);
  });
});
