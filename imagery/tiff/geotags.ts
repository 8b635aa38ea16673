import { isGeographic, parseCrs } from '../crs.ts';
import { type TransverseMercator, transverseMercatorOfProj } from '../crs-definitions.ts';
import type { Grid } from '../grid.ts';
import type { TiffTag } from './directory.ts';

/** A GeoTIFF key that is a short, or a double kept in GeoDoubleParams. */
type GeoKey = [id: number, value: number, kind: 'short' | 'double'];

const USER_DEFINED = 32767;

/**
 * The tags that say where a grid lies (GeoTIFF 1.1, OGC 19-008r4). An ungeoreferenced grid gets none; one with a
 * geotransform but no CRS gets the transform alone; rows that run north get a ModelTransformation, because
 * ModelPixelScale cannot say so.
 */
export function geoTags(grid: Grid): TiffTag[] {
  const tags: TiffTag[] = [];
  const { originX, originY, pixelWidth, pixelHeight } = grid;
  const plainPixels = originX === 0 && originY === 0 && pixelWidth === 1 && pixelHeight === 1;
  if (grid.crs === null && plainPixels) return tags;
  if (pixelHeight < 0) {
    tags.push({ id: 33550, type: 'double', values: [pixelWidth, -pixelHeight, 0] });
    tags.push({ id: 33922, type: 'double', values: [0, 0, 0, originX, originY, 0] });
  } else {
    const matrix = [pixelWidth, 0, 0, originX, 0, pixelHeight, 0, originY, 0, 0, 0, 0, 0, 0, 0, 1];
    tags.push({ id: 34264, type: 'double', values: matrix });
  }
  if (grid.crs !== null) tags.push(...geoKeyTags(parseCrs(grid.crs)));
  return tags;
}

function geoKeyTags(crs: string): TiffTag[] {
  const geographic = isGeographic(crs);
  const keys: GeoKey[] = [
    [1024, geographic ? 2 : 1, 'short'], // GTModelType: geographic or projected
    [1025, 1, 'short'], // GTRasterType: pixel is area
  ];
  if (crs.startsWith('EPSG:')) keys.push([geographic ? 2048 : 3072, Number(crs.slice(5)), 'short']);
  else keys.push(...transverseMercatorKeys(transverseMercatorOfProj(crs)!));

  const directory = [1, 1, 0, keys.length];
  const doubles: number[] = [];
  for (const [id, value, kind] of keys) {
    if (kind === 'short') directory.push(id, 0, 1, value);
    else directory.push(id, 34736, 1, doubles.push(value) - 1);
  }
  const tags: TiffTag[] = [{ id: 34735, type: 'short', values: directory }];
  if (doubles.length > 0) tags.push({ id: 34736, type: 'double', values: doubles });
  return tags;
}

function transverseMercatorKeys(projection: TransverseMercator): GeoKey[] {
  return [
    [2048, projection.ellipsoid === 'WGS84' ? 4326 : 4490, 'short'],
    [3072, USER_DEFINED, 'short'], // ProjectedCSType
    [3074, USER_DEFINED, 'short'], // Projection
    [3075, 1, 'short'], // ProjCoordTrans: transverse Mercator
    [3076, 9001, 'short'], // ProjLinearUnits: metre
    [3080, projection.centralMeridian, 'double'],
    [3081, projection.latitudeOfOrigin, 'double'],
    [3082, projection.falseEastingM, 'double'],
    [3083, projection.falseNorthingM, 'double'],
    [3092, projection.scale, 'double'],
  ];
}
