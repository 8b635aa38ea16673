import type { RawFeature } from '../../../../services/zones/layer-files/layer-file.ts';
import { gdal } from '../../../support/gdal.ts';
import { osgeo } from '../../../support/gdal-python.ts';

/** A feature as OGR reads it: x0, y0, x1, … of each path of each part. */
export interface OgrFeature {
  fid: number;
  properties: Record<string, string | number | boolean | null>;
  parts: number[][][] | null;
}

const script = `
from osgeo import ogr
def flat(line): return [c for p in line.GetPoints(2) or [] for c in p[:2]] if line.GetPointCount() else []
def parts(g):
    if g is None or g.IsEmpty(): return None
    kind = ogr.GT_Flatten(g.GetGeometryType())
    if kind == ogr.wkbPolygon: return [[flat(g.GetGeometryRef(i)) for i in range(g.GetGeometryCount())]]
    if kind == ogr.wkbLineString: return [[flat(g)]]
    return [part for i in range(g.GetGeometryCount()) for part in (parts(g.GetGeometryRef(i)) or [])]
def value(f, i, d):
    if not f.IsFieldSetAndNotNull(i): return None
    t = d.GetType()
    if d.GetSubType() == ogr.OFSTBoolean: return bool(f.GetField(i))
    if t in (ogr.OFTDate,): return f.GetFieldAsString(i).replace('/', '-')
    return f.GetField(i)
source = gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR, open_options=sys.argv[2:])
layer = source.GetLayer(0)
columns = layer.GetLayerDefn()
print(json.dumps([{'fid': f.GetFID(), 'parts': parts(f.GetGeometryRef()),
  'properties': {columns.GetFieldDefn(i).GetName(): value(f, i, columns.GetFieldDefn(i)) for i in range(columns.GetFieldCount())}}
  for f in layer]))
`;

/** All features of a file's first layer, as OGR reads them. @param openOptions e.g. ENCODING=GBK */
export function ogrFeatures(path: string, ...openOptions: string[]): OgrFeature[] {
  return JSON.parse(osgeo(script, path, ...openOptions));
}

/** What a feature holds in the form of OgrFeature, parts in an order that does not depend on the reader. */
export function asOgr({ properties, geometry }: RawFeature): Omit<OgrFeature, 'fid'> {
  const parts = geometry === null ? null : geometry.parts.map((paths) => paths.map((path) => [...path]));
  return { properties, parts: parts && inOrder(parts) };
}

export function inOrder(parts: number[][][]): number[][][] {
  const key = (paths: number[][]) => JSON.stringify(paths);
  return parts
    .map(([shell, ...holes]) => [shell, ...holes.sort((a, b) => (String(a) < String(b) ? -1 : 1))])
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** A layer file made by ogr2ogr out of GeoJSONSeq. */
export function ogr2ogr(target: string, source: string, ...options: string[]): string {
  gdal('ogr2ogr', '-q', ...options, target, `GeoJSONSeq:${source}`);
  return target;
}
