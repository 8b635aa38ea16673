import { execFileSync } from 'node:child_process';
import type { Position } from 'geojson';

/** Debian's GDAL bindings (python3-gdal) live in the system Python only, whatever `python3` comes first. */
const python = '/usr/bin/python3';

/** GEOS says which geometries are valid; tests against it skip, saying so, where its bindings are missing. */
export const geosMissing = (() => {
  try {
    execFileSync(python, ['-c', 'from osgeo import ogr'], { stdio: 'ignore' });
    return false;
  } catch {
    console.warn('GEOS is not installed (apt-get install python3-gdal): validity tests are skipped.');
    return true;
  }
})();

const program = `
import json, sys
from osgeo import gdal, ogr
gdal.UseExceptions()
gdal.PushErrorHandler('CPLQuietErrorHandler')
answers = []
for coordinates in json.load(sys.stdin):
    geometry = ogr.CreateGeometryFromJson(json.dumps({'type': 'MultiPolygon', 'coordinates': coordinates}))
    answers.append([geometry.IsValid(), geometry.GetArea()])
print(json.dumps(answers))
`;

/** Validity and area of each multi-polygon, as GEOS judges them, in one call. */
export function geosJudgement(multiPolygons: Position[][][][]): { valid: boolean; area: number }[] {
  const answer = execFileSync(python, ['-c', program], { input: JSON.stringify(multiPolygons), encoding: 'utf8' });
  return (JSON.parse(answer) as [boolean, number][]).map(([valid, area]) => ({ valid, area }));
}

const unionProgram = `
import json, sys
from osgeo import gdal, ogr
gdal.UseExceptions()
answers = []
for polygons in json.load(sys.stdin):
    together = ogr.Geometry(ogr.wkbMultiPolygon)
    for coordinates in polygons:
        together.AddGeometry(ogr.CreateGeometryFromJson(json.dumps({'type': 'Polygon', 'coordinates': coordinates})))
    answers.append(together.UnionCascaded().GetArea() if polygons else 0)
print(json.dumps(answers))
`;

/** Area that each list of polygons covers, what several cover counted once, as GEOS measures it. */
export function geosUnionAreas(lists: Position[][][][]): number[] {
  const answer = execFileSync(python, ['-c', unionProgram], {
    input: JSON.stringify(lists),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(answer) as number[];
}
