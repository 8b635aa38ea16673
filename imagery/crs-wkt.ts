import { parseCrs } from './crs.ts';
import { type Ellipsoid, KNOWN_CRS, nameOfTransverseMercator } from './crs-definitions.ts';
import { ImageryError } from './error.ts';
import { childOf, descendantOf, parseWkt, type WktNode } from './wkt.ts';

const PROJECTED = ['PROJCS', 'PROJCRS', 'PROJECTEDCRS'];
const GEOGRAPHIC = ['GEOGCS', 'GEOGCRS', 'GEOGRAPHICCRS', 'GEODCRS', 'GEODETICCRS', 'BASEGEOGCRS', 'BASEGEODCRS'];
const LOCAL = ['LOCAL_CS', 'ENGCRS', 'ENGINEERINGCRS'];
const COMPOUND = ['COMPD_CS', 'COMPOUNDCRS', 'BOUNDCRS', 'SOURCECRS'];

/**
 * The CRS that well-known text means (WKT 1 of OGC or ESRI, WKT 2), named as parseCrs names it: by its code where the
 * text has one, else by what it is made of. Null for a local system. Heights are left aside.
 * @throws ImageryError crs-unknown, saying what was found
 */
export function crsOfWkt(text: string): string | null {
  const root = parseWkt(text);
  if (root === null) throw unknown(`text that is no WKT ("${text.trim().slice(0, 40)}")`);
  return crsOf(root);
}

function crsOf(node: WktNode): string | null {
  if (COMPOUND.includes(node.keyword)) {
    const inner = childOf(node, ...PROJECTED, ...GEOGRAPHIC, ...LOCAL, ...COMPOUND);
    if (inner) return crsOf(inner);
  }
  if (LOCAL.includes(node.keyword)) return null;
  if (PROJECTED.includes(node.keyword)) return codeOf(node) ?? projection(node);
  if (GEOGRAPHIC.includes(node.keyword)) return codeOf(node) ?? geographic(node);
  throw unknown(`${node.keyword} ${quoted(node)}`);
}

/** 'EPSG:n' of AUTHORITY["EPSG","n"] or ID["EPSG",n] where Tuban knows the code. */
function codeOf(node: WktNode): string | null {
  const code = epsgOf(node);
  if (code === null) return null;
  try {
    return parseCrs(`EPSG:${code}`);
  } catch {
    return null; // What it is made of may be known, and says more in a refusal.
  }
}

function epsgOf(node: WktNode): number | null {
  const [authority, code] = childOf(node, 'AUTHORITY', 'ID')?.values ?? [];
  return authority === 'EPSG' && Number.isInteger(Number(code)) ? Number(code) : null;
}

function geographic(node: WktNode): string {
  const meridian = descendantOf(node, 'PRIMEM', 'PRIMEMERIDIAN')?.values[1] ?? 0;
  if (meridian !== 0) throw unknown(`${quoted(node)} with a prime meridian at ${meridian}`);
  if (childOf(node, 'CS')?.values[0] === 'Cartesian') throw unknown(`${quoted(node)}, a geocentric CRS`);
  return `EPSG:${ellipsoidOf(node) === 'WGS84' ? 4326 : 4490}`;
}

function projection(node: WktNode): string {
  const base = childOf(node, ...GEOGRAPHIC);
  if (!base) throw unknown(`${quoted(node)} without a datum`);
  const conversion = childOf(node, 'CONVERSION') ?? node;
  const method = String(childOf(conversion, 'PROJECTION', 'METHOD')?.values[0] ?? 'none');
  const plainMethod = plain(method);
  const parameters = new Map<string, number>();
  for (const { keyword, values } of conversion.children) {
    if (keyword === 'PARAMETER') parameters.set(plain(String(values[0])), Number(values[1]));
  }
  const parameter = (standard: number, ...names: string[]) =>
    names.map((name) => parameters.get(name)).find((value) => value !== undefined) ?? standard;
  const projected = {
    latitudeOfOrigin: parameter(0, 'latitudeoforigin', 'latitudeofnaturalorigin', 'latitudeofcenter'),
    centralMeridian: parameter(0, 'centralmeridian', 'longitudeofnaturalorigin', 'longitudeofcenter'),
    scale: parameter(1, 'scalefactor', 'scalefactoratnaturalorigin'),
    falseEastingM: parameter(0, 'falseeasting'),
    falseNorthingM: parameter(0, 'falsenorthing'),
    ellipsoid: ellipsoidOf(base),
  };
  refuseOtherUnits(node);
  if (isWebMercator(node, plainMethod)) return 'EPSG:3857';
  if (plainMethod !== 'transversemercator' && plainMethod !== 'gausskruger')
    throw unknown(`${quoted(node)}, projection method ${method}`);
  return nameOfTransverseMercator(projected);
}

/** Mercator of the ellipsoid is another projection; only the one on the sphere is EPSG:3857. */
function isWebMercator(node: WktNode, method: string): boolean {
  if (method === 'mercatorauxiliarysphere' || method === 'popularvisualisationpseudomercator') return true;
  const proj = String(childOf(node, 'EXTENSION')?.values[1] ?? '');
  return method.startsWith('mercator') && /\+a=6378137(\.0)? .*\+b=6378137(\.0)? .*\+lon_0=0(\.0)? /.test(proj);
}

/** WKT 1 has the unit beside the projection, WKT 2 beside or within its axes. */
function refuseOtherUnits(node: WktNode): void {
  for (const place of [node, ...node.children.filter(({ keyword }) => keyword === 'AXIS')]) {
    const [name, metres] = childOf(place, 'UNIT', 'LENGTHUNIT')?.values ?? ['metre', 1];
    if (metres !== 1) throw unknown(`${quoted(node)}, linear unit ${name} instead of metres`);
  }
}

/**
 * CGCS2000 or WGS 84. Other datums share the ellipsoid of one of them (NAD83, ETRS89) and lie metres away: only a
 * datum without a name is taken by its axes.
 */
function ellipsoidOf(base: WktNode): Ellipsoid {
  const datum = descendantOf(base, 'DATUM', 'ENSEMBLE', 'GEODETICDATUM', 'TRF');
  const name = String(datum?.values[0] ?? '');
  const code = epsgOf(base);
  const shift = descendantOf(base, 'TOWGS84')?.values ?? [];
  if (shift.some((value) => value !== 0)) throw unknown(`datum "${name}" with a shift to WGS 84`);
  if (code === 4490 || /CGCS[ _]?2000|China[ _](Geodetic[ _]Coordinate[ _]System[ _])?2000/i.test(name)) return 'GRS80';
  if (code === 4326 || /(^|[_ ])(WGS|World[ _]Geodetic[ _]System)[ _-]?(19)?84/i.test(name)) return 'WGS84';
  const [, axis, inverseFlattening] = descendantOf(base, 'SPHEROID', 'ELLIPSOID')?.values ?? [];
  if (/^$|unknown|unnamed|not[ _]specified|undefined|user[ _-]?defined/i.test(name) && axis === 6_378_137) {
    if (Math.abs(Number(inverseFlattening) - 298.257222101) < 1e-7) return 'GRS80';
    if (Math.abs(Number(inverseFlattening) - 298.257223563) < 1e-7) return 'WGS84';
  }
  throw unknown(`datum "${name}"`);
}

/** Names are written in many ways: Transverse_Mercator, 'Transverse Mercator'. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function quoted({ values }: WktNode): string {
  return `"${String(values[0] ?? '').slice(0, 80)}"`;
}

function unknown(found: string): ImageryError {
  return new ImageryError('crs-unknown', `its CRS is not known: wanted ${KNOWN_CRS}, got ${found}.`);
}
