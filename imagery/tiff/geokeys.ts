import { isGeographic, parseCrs } from '../crs.ts';
import { type Ellipsoid, KNOWN_CRS, nameOfTransverseMercator } from '../crs-definitions.ts';
import { crsOfWkt } from '../crs-wkt.ts';
import { ImageryError } from '../error.ts';

/** GeoTIFF keys by their names in the standard (OGC 19-008r4): numbers, strings or short arrays. */
export type GeoKeys = Partial<Record<string, unknown>>;

const USER_DEFINED = 32767;
const METRE = 9001;

/**
 * The CRS a file's GeoTIFF keys mean: 'EPSG:n' or a proj string, as parseCrs names them; null when the keys name
 * none (no keys at all, or a local system).
 * @throws ImageryError crs-unknown, saying what was found
 */
export function crsOfGeoKeys(keys: GeoKeys | null): string | null {
  if (!keys) return null;
  const projected = number(keys, 'ProjectedCSTypeGeoKey');
  const geographic = number(keys, 'GeographicTypeGeoKey');
  const model = number(keys, 'GTModelTypeGeoKey');
  if (isCode(projected)) return known(`EPSG:${projected}`, keys);
  if (model === 1 || projected === USER_DEFINED) return userDefinedProjection(keys);
  if (isCode(geographic)) {
    const crs = known(`EPSG:${geographic}`, keys);
    if (!isGeographic(crs)) throw unknown(keys, `EPSG:${geographic}, a projected system, as its geographic one`);
    return crs;
  }
  if (model === 2 || geographic === USER_DEFINED) return `EPSG:${ellipsoidOf(keys) === 'WGS84' ? 4326 : 4490}`;
  if (model === 3) throw unknown(keys, 'a geocentric CRS');
  return null;
}

/** A transverse Mercator spelled out in keys, or the WKT that ArcGIS puts into a citation. */
function userDefinedProjection(keys: GeoKeys): string {
  const wkt = /PROJCS\[.*\]/s.exec(citations(keys))?.[0];
  const conversion = number(keys, 'ProjectionGeoKey');
  const method = number(keys, 'ProjCoordTransGeoKey');
  if (conversion !== undefined && conversion >= 16001 && conversion <= 16160) return utm(keys, conversion);
  const crsOfText = method === undefined && wkt ? crsOfWkt(wkt) : null;
  if (crsOfText !== null) return crsOfText;
  if (method !== 1)
    throw unknown(keys, method === undefined ? 'a projection without a method' : `projection method ${method}`);
  const units = number(keys, 'ProjLinearUnitsGeoKey') ?? METRE;
  if (units !== METRE && number(keys, 'ProjLinearUnitSizeGeoKey') !== 1)
    throw unknown(keys, `linear unit ${units} instead of metres`);
  return nameOfTransverseMercator({
    latitudeOfOrigin: number(keys, 'ProjNatOriginLatGeoKey') ?? number(keys, 'ProjCenterLatGeoKey') ?? 0,
    centralMeridian: number(keys, 'ProjNatOriginLongGeoKey') ?? number(keys, 'ProjCenterLongGeoKey') ?? 0,
    scale: number(keys, 'ProjScaleAtNatOriginGeoKey') ?? number(keys, 'ProjScaleAtCenterGeoKey') ?? 1,
    falseEastingM: number(keys, 'ProjFalseEastingGeoKey') ?? 0,
    falseNorthingM: number(keys, 'ProjFalseNorthingGeoKey') ?? 0,
    ellipsoid: ellipsoidOf(keys),
  });
}

/** EPSG's conversions 16001–16060 are the UTM zones north, 16101–16160 south: 326xx and 327xx on WGS 84. */
function utm(keys: GeoKeys, conversion: number): string {
  if (ellipsoidOf(keys) !== 'WGS84') throw unknown(keys, 'UTM on another datum than WGS 84');
  return known(`EPSG:${conversion + 16_600}`, keys);
}

/**
 * CGCS2000 or WGS 84, by whatever the file has: code, datum, ellipsoid, its axes, or words. Xian 1980 and Beijing
 * 1954 lie up to hundreds of metres away and are refused, never taken for one of the two.
 */
function ellipsoidOf(keys: GeoKeys): Ellipsoid {
  const words = citations(keys);
  const geographic = number(keys, 'GeographicTypeGeoKey');
  const datum = number(keys, 'GeogGeodeticDatumGeoKey');
  if (/xi'?an|beijing|krass?owsky|pulkovo/i.test(words)) throw unknown(keys, 'a datum other than CGCS2000 or WGS 84');
  if (geographic === 4490 || datum === 1043) return 'GRS80';
  if (geographic === 4326 || datum === 6326) return 'WGS84';
  if (isCode(geographic) || isCode(datum)) throw unknown(keys, `datum ${geographic ?? datum}`);
  const ellipsoid = number(keys, 'GeogEllipsoidGeoKey');
  if (ellipsoid === 7030) return 'WGS84';
  if (ellipsoid === 1024 || ellipsoid === 7019) return 'GRS80';
  if (Math.abs((number(keys, 'GeogSemiMajorAxisGeoKey') ?? 0) - 6_378_137) < 0.01) {
    const inverseFlattening = number(keys, 'GeogInvFlatteningGeoKey') ?? 0;
    if (Math.abs(inverseFlattening - 298.257222101) < 1e-7) return 'GRS80';
    if (Math.abs(inverseFlattening - 298.257223563) < 1e-7) return 'WGS84';
  }
  if (/CGCS[ _]?2000|China[ _](Geodetic[ _]Coordinate[ _]System[ _])?2000/i.test(words)) return 'GRS80';
  if (/WGS[ _]?(19)?84/i.test(words)) return 'WGS84';
  throw unknown(keys, 'no datum');
}

function known(crs: string, keys: GeoKeys): string {
  try {
    return parseCrs(crs);
  } catch {
    throw unknown(keys, crs);
  }
}

function unknown(keys: GeoKeys, found: string): ImageryError {
  const words = citations(keys).replace(/\s+/g, ' ').trim();
  const quoted = words ? ` ("${words.length > 100 ? `${words.slice(0, 97)}...` : words}")` : '';
  return new ImageryError('crs-unknown', `its CRS is not known: wanted ${KNOWN_CRS}, got ${found}${quoted}.`);
}

function citations(keys: GeoKeys): string {
  const texts = [keys['PCSCitationGeoKey'], keys['GTCitationGeoKey'], keys['GeogCitationGeoKey']];
  return texts
    .filter((text) => typeof text === 'string')
    .join(' ')
    .replaceAll('\0', '');
}

function number(keys: GeoKeys, name: string): number | undefined {
  const value = keys[name];
  const single = typeof value === 'object' && value !== null ? (value as ArrayLike<unknown>)[0] : value;
  return typeof single === 'number' ? single : undefined;
}

/** 0 means undefined and 32767 user-defined; a code is what lies between. */
function isCode(value: number | undefined): value is number {
  return value !== undefined && value > 0 && value < USER_DEFINED;
}
