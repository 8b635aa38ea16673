import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geometryAreaM2 } from '../../../../imagery/ellipsoid.ts';
import { ServiceError } from '../../../../services/error.ts';
import { toGeoJson, toWkb } from '../../../../services/zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';
import { prepareRuns } from '../../../../services/zones/overlay/runs-patch.ts';
import { prepareShape } from '../../../../services/zones/overlay/shape-patch.ts';
import { geosMissing } from '../../../support/geos.ts';
import { seeded, starRing } from '../../../support/random-shapes.ts';
import { rectangleRuns } from '../../../support/runs.ts';
import { authalicZone } from './authalic.ts';
import { geosInside } from './geos-parts.ts';
import { gridsOfHengyang, moved, rectangle, tiles, zoneAt } from './zone-shapes.ts';

const [, grid] = gridsOfHengyang[0];
const star = (seed: number, radius: number) => zoneAt(grid, moved(starRing(seeded(seed), 12, radius), 1030, 2020));

describe('a patch drawn by a person', () => {
  it('has the area every outline has', () => {
    const shape = star(1, 200);
    expect(prepareShape(shape).totalM2).toBe(geometryAreaM2(toGeoJson(shape) as never));
  });

  it('lies in a zone that surrounds it with all of it, and in one beside it or in its hole with nothing', () => {
    const patch = prepareShape(star(2, 20));
    const hole = rectangle(1000, 1990, 60, 60).toReversed();
    expect(patch.areaInside(zoneAt(grid, rectangle(900, 1900, 300, 300)))).toBeCloseTo(patch.totalM2, 6);
    expect(patch.areaInside(zoneAt(grid, rectangle(1100, 1900, 30, 300)))).toBe(0);
    expect(patch.areaInside(zoneAt(grid, rectangle(900, 1900, 300, 300), hole))).toBe(0);
  });

  it('is as much in a zone as the same ground in pixels', () => {
    const drawn = prepareShape(zoneAt(grid, rectangle(1000, 2000, 60, 40)));
    const seen = prepareRuns(rectangleRuns(1000, 2000, 60, 40), grid);
    expect(drawn.totalM2 / seen.totalM2).toBeCloseTo(1, 6);
    for (let seed = 0; seed < 50; seed++) {
      const zone = star(seed, 40);
      const inside = seen.areaInside(zone);
      expect(Math.abs(drawn.areaInside(zone) - inside)).toBeLessThan(1.5e-6 * seen.totalM2);
      expect(drawn.areaInsideWkb(toWkb(zone))).toBe(drawn.areaInside(zone));
    }
  });

  it('is shared out among zones that tile the ground within 1e-6', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
        const random = seeded(seed);
        const patch = prepareShape(star(seed, 10 + 100 * random()));
        const zones = tiles(random, grid, rectangle(900, 1890, 260, 260), 3);
        const shared = zones.reduce((sum, zone) => sum + patch.areaInside(zone), 0);
        return Math.abs(shared - patch.totalM2) <= 1e-6 * patch.totalM2;
      }),
      { seed: 6, numRuns: 1000 },
    );
  });

  it.skipIf(geosMissing)('is in each zone what GEOS finds, within 2e-6 of the patch', () => {
    const random = seeded(51);
    const cases = Array.from({ length: 40 }, (_, i) => ({
      shape: star(100 + i, 60),
      zones: [1, 2, 3].map(() => zoneAt(grid, moved(starRing(random, 9, 60), 1000 + 60 * random(), 2020))),
    }));
    const found = geosInside(
      cases.map(({ shape, zones }) => ({ patch: authalicZone(shape), zones: zones.map(authalicZone) })),
    );
    cases.forEach(({ shape, zones }, i) => {
      const patch = prepareShape(shape);
      zones.forEach((zone, k) => {
        expect(Math.abs(patch.areaInside(zone) - found[i][k])).toBeLessThan(2e-6 * patch.totalM2);
      });
    });
  });

  it('must have an area', () => {
    const [ring] = zoneAt(grid, rectangle(0, 0, 10, 10)).parts[0];
    const line: ZoneGeometry = { kind: 'line', parts: [[ring]] };
    expect(() => prepareShape(line)).toThrow(ServiceError);
    expect(() => prepareShape(zoneAt(grid, rectangle(0, 0, 10, 0)))).toThrow(ServiceError);
  });
});
