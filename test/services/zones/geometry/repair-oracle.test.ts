import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { prepareZone } from '../../../../services/zones/geometry/repair.ts';
import { toGeoJson } from '../../../../services/zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';
import { osgeo } from '../../../support/gdal-python.ts';
import { geosMissing } from '../../../support/geos.ts';
import { planted, type RawParts } from '../../../support/planted-defects.ts';
import { seeded } from '../../../support/random-shapes.ts';

/** Cases of each kind of defect: 1,700 in all. */
const CASES = 100;

const prepared = (parts: RawParts) =>
  prepareZone({ type: 'MultiPolygon', parts: parts.map((rings) => rings.map(flat)), hadHeights: false }, 'polygon');

function flat(ring: readonly Position[]): Float64Array {
  return Float64Array.from(ring.flat());
}

/**
 * For each zone: whether GEOS calls it valid, why not, its area, and the area of the same interpretation of the raw
 * rings by GEOS: what each ring turns round, shells less holes, holes apart from their shell as parts, all united.
 */
const script = `
from osgeo import ogr
def winding(ring, x, y):
    times = 0
    for (ax, ay), (bx, by) in zip(ring, ring[1:]):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax): times += 1 if by > ay else -1
    return times
def polygon(ring):
    if ring[0] != ring[-1]: ring = ring + [ring[0]]
    line = ogr.CreateGeometryFromJson(json.dumps({'type': 'LineString', 'coordinates': ring}))
    faces = line.Union(line).Polygonize()
    out = ogr.Geometry(ogr.wkbMultiPolygon)
    for k in range(faces.GetGeometryCount()):
        face = faces.GetGeometryRef(k)
        inside = face.PointOnSurface()
        if winding(ring, inside.GetX(), inside.GetY()) != 0: out.AddGeometry(face)
    return areal(out.UnionCascaded())
def areal(g):
    out = ogr.Geometry(ogr.wkbMultiPolygon)
    def add(h):
        if h.GetGeometryType() == ogr.wkbPolygon: out.AddGeometry(h)
        elif h.GetGeometryCount() > 0 and h.GetGeometryType() != ogr.wkbPolygon:
            for k in range(h.GetGeometryCount()): add(h.GetGeometryRef(k))
    add(g)
    return out
def meant(parts):
    everything = ogr.Geometry(ogr.wkbMultiPolygon)
    for shell, *holes in parts:
        land = whole = polygon(shell)
        for hole in map(polygon, holes):
            if whole.Intersection(hole).GetArea() <= 1e-9 * hole.GetArea(): everything = areal(everything.Union(hole))
            else: land = areal(land.Difference(hole))
        everything = areal(everything.Union(land))
    return everything
answers = []
for raw, zone in json.load(open(sys.argv[1])):
    g = ogr.CreateGeometryFromJson(json.dumps(zone))
    m = meant(raw)
    answers.append([g.IsValid(), g.GetArea(), m.GetArea()])
print(json.dumps(answers))
`;

interface Judged {
  valid: boolean;
  area: number;
  meant: number;
}

function judged(cases: readonly { raw: RawParts; zone: ZoneGeometry }[]): Judged[] {
  const path = join(mkdtempSync(join(tmpdir(), 'zones-')), 'cases.json');
  writeFileSync(path, JSON.stringify(cases.map(({ raw, zone }) => [raw, toGeoJson(zone)])));
  const answers = JSON.parse(osgeo(script, path)) as [boolean, number, number][];
  rmSync(dirname(path), { recursive: true });
  return answers.map(([valid, area, meant]) => ({ valid, area, meant }));
}

describe.skipIf(geosMissing)(
  'a shape with a planted defect is refused, or comes out valid by GEOS and of the area that GEOS finds',
  () => {
    it.each(Object.entries(planted))('%s', (name, plant) => {
      const seeds = fc.sample(fc.integer(), { seed: 4, numRuns: CASES });
      const cases: { raw: RawParts; zone: ZoneGeometry; repairs: string[] }[] = [];
      for (const seed of seeds) {
        const raw = plant(seeded(seed));
        const result = prepared(raw);
        if ('rejected' in result) expect(result.rejected).toMatch(/^(crosses|has) .{5,300}$/);
        else cases.push({ raw, zone: result.geometry, repairs: result.repairs });
      }
      judged(cases).forEach(({ valid, area, meant }, i) => {
        const wrong = JSON.stringify(cases[i]);
        expect(valid, `not valid: ${wrong}`).toBe(true);
        // Up to 0.01 m² (1e-12 square degrees) is left out of each of a few rings.
        expect(Math.abs(area - meant), `${area} for ${meant}: ${wrong}`).toBeLessThanOrEqual(1e-9 * meant + 4e-12);
      });

      if (!['corners in any order', 'a walk over a grid'].includes(name))
        expect(cases.length).toBeGreaterThan(CASES / 5);
    });
  },
);
