import { describe, expect, it } from 'vitest';
import { pathAreaM2, pathLengthM } from '../../imagery/ellipsoid.ts';
import { geodesicAreaM2, geodesicDistanceM } from '../support/geodesic.ts';
import { ringAt, seeded, starRing } from '../support/random-shapes.ts';

/** From 100 m, below which the oracle's own rounding is more than 1e-6 of an area, to 5 km across. */
function parcels(count: number) {
  const random = seeded(18);
  return Array.from({ length: count }, () => {
    const place = [75 + 60 * random(), 18 + 36 * random()];
    const radiusM = 50 * 50 ** random();
    return ringAt(place, starRing(random, 3 + Math.floor(20 * random()), radiusM));
  });
}

describe('10,000 irregular parcels between 18 and 54°N', () => {
  const rings = parcels(10_000).map((ring) => ({ ring, path: Float64Array.from(ring.flat()) }));

  it('have the area that geographiclib finds, to 1e-6', () => {
    const errors = rings.map(({ ring, path }) => Math.abs(pathAreaM2(path) / geodesicAreaM2(ring) - 1));
    const largest = errors.reduce((a, b) => Math.max(a, b));
    console.log(`largest relative error of 10,000 areas: ${largest.toExponential(1)}`);
    expect(largest).toBeLessThanOrEqual(1e-6);
  });

  it('have the perimeter that geographiclib finds, to 1e-6', () => {
    const errors = rings.slice(0, 1000).map(({ ring, path }) => {
      const wanted = ring.slice(1).reduce((sum, to, i) => sum + geodesicDistanceM(ring[i], to), 0);
      return Math.abs(pathLengthM(path) / wanted - 1);
    });
    expect(errors.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(1e-6);
  });
});

it('a line of hundreds of kilometres has the length of its stretches', () => {
  const path = Float64Array.of(112, 26, 114, 28);
  let wanted = 0;
  for (let i = 0; i < 1000; i++) {
    const at = (k: number) => [112 + k / 500, 26 + k / 500];
    wanted += geodesicDistanceM(at(i), at(i + 1));
  }
  expect(pathLengthM(path) / wanted).toBeCloseTo(1, 6);
});
