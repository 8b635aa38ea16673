import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { fromLonLat, toLonLat } from '../../../../imagery/crs.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';
import { distanceM } from '../../../../services/zones/overlay/distance.ts';
import { prepareRuns } from '../../../../services/zones/overlay/runs-patch.ts';
import { geodesicDistanceM } from '../../../support/geodesic.ts';
import { geosMissing } from '../../../support/geos.ts';
import { seeded, starRing } from '../../../support/random-shapes.ts';
import { randomRuns, rectangleRuns } from '../../../support/runs.ts';
import { geosDistances } from './geos-parts.ts';
import { gridsOfHengyang, moved, rectangle, zoneAt } from './zone-shapes.ts';

const [, grid] = gridsOfHengyang[0];
const patch = prepareRuns(rectangleRuns(1000, 2000, 20, 10), grid);
const lonLat = toLonLat(grid.crs!);
const place = ([x, y]: Position) => lonLat(grid.originX + x, grid.originY - y);
const line = (...points: Position[]): ZoneGeometry => ({
  kind: 'line',
  parts: [[Float64Array.from(points.flatMap(place))]],
});

describe('the distance of a patch from a zone', () => {
  it('is the distance on the ground', () => {
    const metres = geodesicDistanceM(place([1020, 2005]), place([1320, 2005]));
    expect(distanceM(patch, line([1320, 1000], [1320, 3000]))! / metres).toBeCloseTo(1, 5);
    expect(distanceM(patch, zoneAt(grid, rectangle(1320, 1000, 5, 2000)))! / metres).toBeCloseTo(1, 5);
    const corner = geodesicDistanceM(place([1020, 2010]), place([4020, 4010]));
    expect(distanceM(patch, line([4020, 4010], [4020, 5010]))! / corner).toBeCloseTo(1, 4);
  });

  it('is nothing where the zone crosses it, lies in it, surrounds it or touches it', () => {
    expect(distanceM(patch, line([900, 2005], [1100, 2005]))).toBe(0);
    expect(distanceM(patch, line([1005, 2005], [1008, 2006]))).toBe(0);
    expect(distanceM(patch, zoneAt(grid, rectangle(1005, 2003, 2, 2)))).toBe(0);
    expect(distanceM(patch, zoneAt(grid, rectangle(900, 1900, 300, 300)))).toBe(0);
    expect(distanceM(patch, zoneAt(grid, rectangle(1020, 1990, 30, 30)))).toBeLessThan(1e-4);
  });

  it('from inside a hole is that to the rim of the hole', () => {
    const hole = rectangle(960, 1960, 100, 100).toReversed();
    const around = zoneAt(grid, rectangle(0, 1000, 2000, 2000), hole);
    expect(distanceM(patch, around)! / geodesicDistanceM(place([1000, 2005]), place([960, 2005]))).toBeCloseTo(1, 4);
  });

  it('is told up to a limit', () => {
    const away = line([1020 + 5100, 1000], [1020 + 5100, 3000]);
    expect(distanceM(patch, away)).toBeNull();
    expect(distanceM(patch, away, 5200)! / 5100).toBeCloseTo(1, 3);
    expect(distanceM(patch, line([1050, 1000], [1050, 3000]), 29)).toBeNull();
  });

  it('holds for a road straight over 200 km of longitude, and does not see it where it does not pass', () => {
    const [lon, lat] = place([1010, 2000]);
    const road = (north: number): ZoneGeometry => ({
      kind: 'line',
      parts: [[Float64Array.of(lon - 1, lat + north, lon + 1, lat + north)]],
    });
    expect(distanceM(patch, road(0.002))! / geodesicDistanceM([lon, lat], [lon, lat + 0.002])).toBeCloseTo(1, 3);
    expect(distanceM(patch, road(0.06))).toBeNull();
  });

  it.skipIf(geosMissing)('is what GEOS finds in a plane of little distortion, within 1e-3', () => {
    const random = seeded(61);
    const plane = fromLonLat('+proj=tmerc +lat_0=26.9 +lon_0=112.2 +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs');
    const text = (ring: Position[]) => `(${ring.map((p) => plane(...place(p)).join(' ')).join(', ')})`;
    const cases = Array.from({ length: 200 }, (_, i) => {
      const runs = randomRuns(random, 1000, 2000, 40, 25);
      const far = 20 + 4500 * random() ** 2;
      const angle = 2 * Math.PI * random();
      const middle: [number, number] = [1020 + far * Math.cos(angle), 2012 + far * Math.sin(angle)];
      return { runs, ring: moved(starRing(random, 9, 0.6 * far), ...middle), isLine: i % 2 === 0 };
    }).filter(({ runs }) => runs.row.length > 0);
    const found = geosDistances(
      cases.map(({ runs, ring, isLine }) => {
        const pixels = Array.from(runs.row, (y, i) => rectangle(runs.start[i], y, runs.end[i] - runs.start[i], 1));
        const shape = isLine ? `LINESTRING ${text(ring)}` : `POLYGON (${text(ring)})`;
        return [`MULTIPOLYGON (${pixels.map((ring) => `(${text(ring)})`).join(', ')})`, shape];
      }),
    );
    cases.forEach(({ runs, ring, isLine }, i) => {
      const zone = isLine ? line(...ring) : zoneAt(grid, ring);
      const metres = distanceM(prepareRuns(runs, grid), zone, 10_000)!;
      // A tenth of a millimetre is how far edges of the zone bow in one plane or the other.
      expect(Math.abs(metres - found[i])).toBeLessThan(Math.max(1e-3 * found[i], 0.05));
    });
  });
});
