import { pathAreaM2 } from '../../../imagery/ellipsoid.ts';
import { geodesicAreaM2 } from '../../support/geodesic.ts';
import { ringAt, seeded, starRing } from '../../support/random-shapes.ts';

export interface AreaResult {
  what: string;
  polygons: number;
  largestError: number;
  oursMicroseconds: number;
  geographiclibMicroseconds: number;
}

/** Irregular polygons at random places between 18 and 54°N, ours against Karney's geodesic polygons. */
export function benchAreas(count = 10_000): AreaResult[] {
  return [
    // Smaller ones would measure the oracle: its sums over edges 3,000 km from the equator are good to 1e-4 m².
    against('parcels, 20 to 300 m in radius', count, 20, 300),
    against('irregular, 300 m to 2.5 km in radius', count, 300, 2500),
  ];
}

function against(what: string, count: number, leastM: number, mostM: number): AreaResult {
  const random = seeded(20260401);
  const rings = Array.from({ length: count }, () => {
    const place = [73 + 62 * random(), 18 + 36 * random()];
    const radius = leastM * (mostM / leastM) ** random();
    return ringAt(place, starRing(random, 4 + Math.floor(16 * random()), radius));
  });
  const paths = rings.map((ring) => Float64Array.from(ring.flat()));
  // The engine compiles on the way; a layer of parcels is measured by compiled code.
  for (const path of paths) pathAreaM2(path);
  const [ours, oursMs] = timed(() => paths.map((path) => pathAreaM2(path)));
  const [oracle, oracleMs] = timed(() => rings.map((ring) => geodesicAreaM2(ring)));
  const errors = ours.map((area, k) => Math.abs(area / oracle[k] - 1));
  return {
    what,
    polygons: count,
    largestError: errors.reduce((a, b) => Math.max(a, b)),
    oursMicroseconds: (1000 * oursMs) / count,
    geographiclibMicroseconds: (1000 * oracleMs) / count,
  };
}

function timed<T>(work: () => T): [T, number] {
  const began = performance.now();
  const result = work();
  return [result, performance.now() - began];
}
