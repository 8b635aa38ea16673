import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLonLat } from '../../../../imagery/crs.ts';
import { type Grid, pixelGrid } from '../../../../imagery/grid.ts';
import { ServiceError } from '../../../../services/error.ts';
import { toWkb } from '../../../../services/zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';
import { runsAreaM2 } from '../../../../services/zones/overlay/overlay.ts';
import { prepareRuns } from '../../../../services/zones/overlay/runs-patch.ts';
import { geosMissing } from '../../../support/geos.ts';
import { randomPartition, seeded, starRing } from '../../../support/random-shapes.ts';
import { randomRuns, rectangleRuns, runsOf } from '../../../support/runs.ts';
import { authalicPatch, authalicZone, planeArea } from './authalic.ts';
import { geosInside } from './geos-parts.ts';
import { gridsOfHengyang, moved, rectangle, tiles, turned, zoneAt } from './zone-shapes.ts';

const [, grid] = gridsOfHengyang[0];
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
/** The same thousand cases every time. */
const thousand = { seed: 4, numRuns: 1000 };

describe.each(gridsOfHengyang)('a patch on a %s grid', (_name, grid) => {
  it.skipIf(geosMissing)('has in each zone the area GEOS finds there, within 1e-6 of the patch', () => {
    const random = seeded(31);
    const cases = Array.from({ length: 25 }, () => {
      const runs = randomRuns(random, 1000, 2000, 40, 25);
      const zones = Array.from({ length: 6 }, () => {
        const [x, y] = [1000 + 40 * random(), 2000 + 25 * random()];
        const [shell, hole] = [starRing(random, 12, 30), starRing(random, 7, 5)];
        return zoneAt(grid, moved(shell, x, y), moved(hole.reverse(), x, y));
      });
      return { runs, zones };
    }).filter(({ runs }) => runs.row.length > 0);
    const found = geosInside(
      cases.map(({ runs, zones }) => ({ patch: authalicPatch(runs, grid), zones: zones.map(authalicZone) })),
    );
    cases.forEach(({ runs, zones }, i) => {
      const patch = prepareRuns(runs, grid);
      expect(Math.abs(planeArea(authalicPatch(runs, grid)) / patch.totalM2 - 1)).toBeLessThan(1e-6);
      zones.forEach((zone, k) => {
        expect(Math.abs(patch.areaInside(zone) - found[i][k])).toBeLessThan(1e-6 * patch.totalM2);
      });
    });
  });
});

describe('zones that tile the ground', () => {
  it('add up to the patch within 1e-6, whatever their borders', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seeded(seed);
        const [, grid] = gridsOfHengyang[Math.floor(random() * gridsOfHengyang.length)];
        const runs = randomRuns(random, 1000, 2000, 4 + 60 * random(), 1 + 40 * random());
        if (runs.row.length === 0) return true;
        const around = turned(rectangle(900, 1900, 300, 300), [1030, 2020], 0.5 * random());
        const patch = prepareRuns(runs, grid);
        const zones = tiles(random, grid, around, 4);
        const sum = zones.reduce((total, zone) => total + patch.areaInside(zone), 0);
        return Math.abs(sum - patch.totalM2) <= 1e-6 * patch.totalM2;
      }),
      thousand,
    );
  });

  it('still do when one border of two is another survey of the other: only what lies between is lost or doubled', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seeded(seed);
        const runs = randomRuns(random, 1000, 2000, 60, 40);
        if (runs.row.length === 0) return true;
        const angle = 10 ** (-16 + 13 * random()) * (random() < 0.5 ? 1 : -1);
        const [a, b] = randomPartition(random, rectangle(900, 1900, 300, 300), 1);
        const patch = prepareRuns(runs, grid);
        const sum = patch.areaInside(zoneAt(grid, a)) + patch.areaInside(zoneAt(grid, turned(b, [1030, 2020], angle)));
        // Within 80 m of the middle a line of at most 160 m sweeps its length squared, halved, times the angle.
        return Math.abs(sum - patch.totalM2) <= 80 * 80 * Math.abs(angle) * 1.5 + 1e-6 * patch.totalM2;
      }),
      thousand,
    );
  });

  it('add up for a district of 20,000 corners and what it leaves of a square', () => {
    const random = seeded(33);
    const ring = Array.from({ length: 20_000 }, (_, i) => {
      const angle = (i / 20_000) * 2 * Math.PI;
      const radius = 40_000 + 2000 * Math.sin(9 * angle) + 30 * Math.sin(700 * angle) + random();
      return [2000 + radius * Math.cos(angle), 2000 + radius * Math.sin(angle)];
    });
    ring.push(ring[0]);
    const district = zoneAt(grid, ring);
    const rest = zoneAt(grid, rectangle(-60_000, -60_000, 120_000, 120_000), ring.toReversed());
    let cut = 0;
    for (let n = 0; n < 200; n++) {
      const [x, y] = ring[Math.floor(random() * 20_000)].map(Math.round);
      const patch = prepareRuns(moveRuns(randomRuns(random, 0, 0, 60, 40), x - 30, y - 20), grid);
      if (patch.totalM2 === 0) continue;
      const inside = patch.areaInside(district);
      expect(Math.abs(inside + patch.areaInside(rest) - patch.totalM2)).toBeLessThan(1e-6 * patch.totalM2);
      if (inside > 0 && inside < patch.totalM2) cut++;
    }
    expect(cut).toBeGreaterThan(100);
  });
});

describe('one zone', () => {
  const runs = rectangleRuns(1000, 2000, 20, 10);
  const patch = prepareRuns(runs, grid);

  it('is cut where its edge comes in from 100 km away', () => {
    // A line through the middle of the patch, straight in lon/lat, whose ends lie as far apart as the county is wide.
    const [lon, lat] = [(patch.box.minLon + patch.box.maxLon) / 2, (patch.box.minLat + patch.box.maxLat) / 2];
    const half = (north: number): ZoneGeometry => {
      const far = [lon - 1, lat - 0.3, lon + 1, lat + 0.3];
      const ring = [...far, lon + 1, lat + north, lon - 1, lat + north, far[0], far[1]];
      return { kind: 'polygon', parts: [[Float64Array.from(ring)]] };
    };
    const [above, below] = [patch.areaInside(half(1)), patch.areaInside(half(-1))];
    expect(above / patch.totalM2).toBeCloseTo(0.5, 3);
    expect(Math.abs(above + below - patch.totalM2)).toBeLessThan(1e-6 * patch.totalM2);
  });

  it('that surrounds the patch holds all of it, to the last digit; one beside it nothing', () => {
    expect(patch.totalM2).toBe(runsAreaM2(runs, grid));
    expect(patch.areaInside(zoneAt(grid, rectangle(900, 1900, 300, 300)))).toBe(patch.totalM2);
    expect(patch.areaInside(zoneAt(grid, rectangle(1021, 1990, 50, 50)))).toBe(0);
    // Its box meets the patch, it does not.
    const corner = [rectangle(900, 1900, 90, 300), rectangle(900, 2020, 300, 90)].map((ring) => zoneAt(grid, ring));
    expect(corner.map((zone) => patch.areaInside(zone))).toEqual([0, 0]);
  });

  it('with the patch in its hole holds nothing, whichever way its rings turn', () => {
    const [shell, hole] = [rectangle(900, 1900, 300, 300), rectangle(990, 1990, 50, 50)];
    expect(patch.areaInside(zoneAt(grid, shell, hole))).toBe(0);
    expect(patch.areaInside(zoneAt(grid, shell.toReversed(), hole))).toBe(0);
  });

  it('of lines has no area', () => {
    const [ring] = zoneAt(grid, rectangle(900, 1900, 300, 300)).parts[0];
    const line: ZoneGeometry = { kind: 'line', parts: [[ring]] };
    expect(patch.areaInside(line)).toBe(0);
    expect(patch.areaInsideWkb(toWkb(line))).toBe(0);
  });

  it('has no place on a patch without georeference', () => {
    expect(() => prepareRuns(runs, pixelGrid(100, 100))).toThrow(ServiceError);
  });

  it('holds nothing of a patch without pixels', () => {
    expect(prepareRuns(runsOf([]), grid).areaInside(zoneAt(grid, rectangle(0, 0, 4000, 4000)))).toBe(0);
  });
});

describe('a zone as it is kept, in bytes', () => {
  const patch = prepareRuns(rectangleRuns(1000, 2000, 60, 40), grid);

  it('has the same area in the patch, holes and parts and all', () => {
    const random = seeded(35);
    let met = 0;
    for (let n = 0; n < 200; n++) {
      const parts = Array.from({ length: 1 + Math.floor(3 * random()) }, () => {
        const [x, y] = [1000 + 60 * random(), 2000 + 40 * random()];
        const holes = random() < 0.5 ? [moved(starRing(random, 5, 2).reverse(), x, y)] : [];
        return zoneAt(grid, moved(starRing(random, 8, 12), x, y), ...holes).parts[0];
      });
      const zone: ZoneGeometry = { kind: 'polygon', parts };
      const bytes = Buffer.concat([Buffer.alloc(n % 8), toWkb(zone)]).subarray(n % 8);
      expect(patch.areaInsideWkb(bytes)).toBe(patch.areaInside(zone));
      if (patch.areaInside(zone) > 0) met++;
    }
    expect(met).toBeGreaterThan(150);
  });

  it('has it with 30,000 corners, too', () => {
    const zone = zoneAt(grid, moved(starRing(seeded(36), 30_000, 25), 1030, 2020));
    expect(patch.areaInsideWkb(toWkb(zone))).toBeCloseTo(patch.areaInside(zone), 9);
    expect(patch.areaInside(zone)).toBeGreaterThan(100);
  });

  it('is refused where bytes are missing, turned round or of something else', () => {
    const bytes = toWkb(zoneAt(grid, rectangle(1000, 2000, 5, 5)));
    const bigEndian = Uint8Array.from(bytes).fill(0, 0, 1);
    const point = Uint8Array.from(bytes).fill(1, 1, 2);
    for (const wrong of [bytes.subarray(0, bytes.length - 1), bytes.subarray(0, 3), bigEndian, point])
      expect(() => patch.areaInsideWkb(wrong)).toThrow(ServiceError);
  });
});

describe('ground where two zones of 3 degrees meet', () => {
  // 112.5° E lies at easting 648,900 of zone 37 and 351,100 of zone 38.
  const west = {
    width: 600,
    height: 600,
    crs: 'EPSG:4525',
    originX: 37648600,
    originY: 2975000,
    pixelWidth: 1,
    pixelHeight: -1,
  };
  const east = { ...west, crs: 'EPSG:4526', originX: 38350400 };
  const patches = [west, east].map((grid) => prepareRuns(rectangleRuns(0, 0, 600, 600), grid));

  it('a parcel surveyed in either zone has one area in patches of both, and its own', () => {
    const random = seeded(37);
    let compared = 0;
    for (let n = 0; n < 300; n++) {
      const grid = n % 2 === 0 ? west : east;
      const parcel = zoneAt(grid, moved(starRing(random, 12, 40), 600 * random(), 600 * random()));
      if (![west, east].every((grid) => liesOn(parcel, grid))) continue;
      compared++;
      const own = planeArea(authalicZone(parcel));
      const [a, b] = patches.map((patch) => patch.areaInside(parcel));
      expect(Math.abs(a / b - 1)).toBeLessThan(1e-6);
      expect(Math.abs(a / own - 1)).toBeLessThan(1e-6);
    }
    expect(compared).toBeGreaterThan(50);
  });

  it('parcels of zone 38 tile a patch of zone 37', () => {
    const around = rectangle(-800, -800, 2200, 2200);
    for (let n = 0; n < 20; n++) {
      const zones = tiles(seeded(n), east, around, 7);
      const sum = zones.reduce((total, zone) => total + patches[0].areaInside(zone), 0);
      expect(Math.abs(sum / patches[0].totalM2 - 1)).toBeLessThan(1e-6);
    }
  });
});

/** Whether all of a zone lies on a grid's image. */
function liesOn({ parts }: ZoneGeometry, { crs, originX, originY, width, height }: Grid): boolean {
  const project = fromLonLat(crs!);
  const [ring] = parts[0];
  return ring.every((lon, i) => {
    if (i % 2 === 1) return true;
    const [x, y] = project(lon, ring[i + 1]);
    return x > originX && x < originX + width && y < originY && y > originY - height;
  });
}

function moveRuns(runs: ReturnType<typeof runsOf>, columns: number, rows: number): ReturnType<typeof runsOf> {
  return {
    row: runs.row.map((row) => row + rows),
    start: runs.start.map((start) => start + columns),
    end: runs.end.map((end) => end + columns),
  };
}
