import { fromWkb } from '../../services/zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../../services/zones/geometry/zone-geometry.ts';
import { osgeo } from './gdal-python.ts';

export interface OgrField {
  name: string;
  /** As OGR names it: String, Integer, Integer64, Real, Date, DateTime; Boolean for its subtype. */
  type: string;
  width: number;
  precision: number;
}

export interface OgrFeature {
  fid: number;
  properties: Record<string, string | number | boolean | null>;
  geometry: ZoneGeometry | null;
}

export interface OgrLayer {
  name: string;
  /** EPSG's code, as OGR concludes it; null = it does not. */
  epsg: number | null;
  geometryType: string;
  extent: number[];
  fields: OgrField[];
  features: OgrFeature[];
  /** What OGR complained of while reading. */
  warnings: string[];
}

const PROGRAM = `
from osgeo import ogr
warnings = []
gdal.PushErrorHandler(lambda kind, number, text: warnings.append(text))
path, to_lon_lat = sys.argv[1], sys.argv[2] == 'true'
source = gdal.OpenEx(path, gdal.OF_VECTOR)
layer = source.GetLayer(0)
definition = layer.GetLayerDefn()
srs = layer.GetSpatialRef()
epsg = None
change = None
if srs is not None:
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    epsg = srs.GetAuthorityCode(None)
    if to_lon_lat:
        lon_lat = osr.SpatialReference()
        lon_lat.ImportFromEPSG(4490)
        lon_lat.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        change = osr.CoordinateTransformation(srs, lon_lat)
fields = []
for i in range(definition.GetFieldCount()):
    field = definition.GetFieldDefn(i)
    kind = 'Boolean' if field.GetSubType() == ogr.OFSTBoolean else field.GetTypeName()
    fields.append(dict(name=field.GetName(), type=kind, width=field.GetWidth(), precision=field.GetPrecision()))
def value(feature, i):
    if not feature.IsFieldSetAndNotNull(i): return None
    kind = fields[i]['type']
    if kind == 'Boolean': return bool(feature.GetFieldAsInteger(i))
    if kind == 'Real': return feature.GetFieldAsDouble(i)
    if kind in ('Integer', 'Integer64'): return feature.GetFieldAsInteger64(i)
    if kind == 'Date': return '%04d-%02d-%02d' % tuple(feature.GetFieldAsDateTime(i)[:3])
    if kind == 'DateTime': return '%04d-%02d-%02dT%02d:%02d:%02dZ' % tuple(feature.GetFieldAsDateTime(i)[:6])
    return feature.GetFieldAsString(i)
features = []
for feature in layer:
    shape = feature.GetGeometryRef()
    if shape is not None and change is not None: shape.Transform(change)
    wkb = None if shape is None else bytes(shape.ExportToWkb(ogr.wkbNDR)).hex()
    properties = {fields[i]['name']: value(feature, i) for i in range(len(fields))}
    features.append(dict(fid=feature.GetFID(), properties=properties, wkb=wkb))
extent = list(layer.GetExtent()) if any(f['wkb'] for f in features) else []
print(json.dumps(dict(name=layer.GetName(), epsg=None if epsg is None else int(epsg), extent=extent,
  geometryType=ogr.GeometryTypeToName(layer.GetGeomType()), fields=fields, features=features, warnings=warnings)))
`;

/** The first layer of a file as OGR reads it; with `lonLat` its shapes as PROJ takes them to EPSG:4490. */
export function ogrLayer(path: string, { lonLat = false } = {}): OgrLayer {
  const layer = JSON.parse(osgeo(PROGRAM, path, String(lonLat)));
  const features = layer.features.map(({ wkb, ...feature }: { wkb: string | null }) => {
    return { ...feature, geometry: wkb === null ? null : fromWkb(Buffer.from(wkb, 'hex')) };
  });
  return { ...layer, features };
}
