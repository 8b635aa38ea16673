import { execFileSync } from 'node:child_process';
import type { Polygons } from './authalic.ts';

const python = '/usr/bin/python3';

const prelude = `
import json, sys
from osgeo import gdal, ogr
gdal.UseExceptions()
gdal.PushErrorHandler('CPLQuietErrorHandler')
def shape(polygons):
    geometry = ogr.CreateGeometryFromJson(json.dumps({'type': 'MultiPolygon', 'coordinates': polygons}))
    return geometry if geometry.IsValid() else geometry.Buffer(0)
`;

function answers<Answer>(script: string, input: unknown): Answer {
  const answer = execFileSync(python, ['-c', prelude + script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(answer) as Answer;
}

/** Area of each zone's intersection with its patch, as GEOS finds it. */
export function geosInside(cases: { patch: Polygons; zones: Polygons[] }[]): number[][] {
  return answers(
    `
out = []
for case in json.load(sys.stdin):
    patch = shape(case['patch'])
    out.append([patch.Intersection(shape(zone)).GetArea() for zone in case['zones']])
print(json.dumps(out))`,
    cases,
  );
}

/** Area of every part of a patch that lies in the same zones throughout, by the names of those zones, joined by '+'. */
export function geosParts(cases: { patch: Polygons; zones: [name: string, Polygons][] }[]): Record<string, number>[] {
  return answers(
    `
out = []
for case in json.load(sys.stdin):
    parts = [([], shape(case['patch']))]
    for name, polygons in case['zones']:
        zone = shape(polygons)
        parts = [part for names, where in parts for part in ((names + [name], where.Intersection(zone)), (names, where.Difference(zone)))]
        parts = [(names, where) for names, where in parts if where.GetArea() > 0]
    areas = {}
    for names, where in parts:
        key = '+'.join(sorted(set(names)))
        areas[key] = areas.get(key, 0) + where.GetArea()
    out.append(areas)
print(json.dumps(out))`,
    cases,
  );
}

/** Distance between shapes given as well-known text in a metric plane, as GEOS finds it. */
export function geosDistances(texts: [string, string][]): number[] {
  return answers(
    `
wkt = ogr.CreateGeometryFromWkt
print(json.dumps([wkt(a).Distance(wkt(b)) for a, b in json.load(sys.stdin)]))`,
    texts,
  );
}
