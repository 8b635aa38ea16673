import { describe, expect, it } from 'vitest';
import { pathsAreaM2, unionOf } from '../../../../services/zones/geometry/clipper.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';
import { BoxedRing } from '../../../../services/zones/overlay/boxed-ring.ts';
import { nearbyRings } from '../../../../services/zones/overlay/frame.ts';
import { prepareRuns } from '../../../../services/zones/overlay/runs-patch.ts';
import { rectangleRuns } from '../../../support/runs.ts';
import { gridsOfHengyang } from './zone-shapes.ts';

const box = { minLon: 0, minLat: 0, maxLon: 10, maxLat: 10 };
const square = (from: number, to: number) => Float64Array.of(from, from, to, from, to, to, from, to, from, from);
const zone = (...parts: Float64Array[][]): ZoneGeometry => ({ kind: 'polygon', parts });
const near = (geometry: ZoneGeometry) =>
  nearbyRings(geometry, box, new BoxedRing()).parts.map((rings) => rings.map((ring) => [...ring]));

describe('what of a zone is near a patch', () => {
  it('is its parts and holes that reach into the box', () => {
    const inside = square(2, 3);
    const parts = near(zone([square(20, 30)], [square(-5, 20), inside, square(12, 15)], [square(-9, -5)]));
    expect(parts).toEqual([[[0, 0, 10, 0, 10, 10, 0, 10, 0, 0], [...inside]]]);
  });

  it('does not run to and fro along the border of the box', () => {
    const comb = Float64Array.of(5, 5, 6, 12, 3, 15, 7, 15, 2, 12, 5, 5);
    const [[ring]] = near(zone([comb]));
    const onBorder = ring.filter((value, i) => i % 2 === 1 && value === 10);
    expect(onBorder).toHaveLength(2);
  });

  it('is nothing of a line', () => {
    expect(near({ kind: 'line', parts: [[square(2, 3)]] })).toEqual([]);
  });
});

describe('cutting', () => {
  it('comes to an end where outlines run to and fro along a border', () => {
    // Found among random zones: the library doubled a point of these until memory ended.
    const paths = [
      [26843546, -18700491, 26843546, -18700491, 11223590, -18700491, 8235623, -13721964, 26843546, 7100014],
      [12371302, -18700491, 14068948, -18700491, -12795041, -18700491, -13147215, -18173783, -8633926, -11273656],
    ];
    paths[0].push(26843546, 15476646);
    paths[1].push(8070257, -18700491);
    const [a, b] = paths.map((flat) =>
      Array.from({ length: flat.length / 2 }, (_, i) => ({ x: flat[2 * i], y: flat[2 * i + 1] })),
    );
    const plane = prepareRuns(rectangleRuns(0, 0, 10, 10), gridsOfHengyang[0][1]).plane;
    // Both turn clockwise here; what covers them both turns as shells do.
    const each = [a, b].map((path) => -pathsAreaM2([path], plane));
    expect(pathsAreaM2(unionOf([[a], [b]]), plane) / (each[0] + each[1])).toBeCloseTo(1, 6);
  });
});
