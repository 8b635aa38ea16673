/**
 * The coordinate reference systems Tuban knows, as rules instead of a table. Every projected one but
 * web mercator is a transverse Mercator; files are always easting, northing (or lon, lat) whatever EPSG's axis order.
 *
 *   4490, 4326        CGCS2000 and WGS 84, lon/lat
 *   4491–4501         CGCS2000 6° Gauss-Krüger, zone 13–23 in front of the easting
 *   4502–4512         the same by central meridian 75°–135°, no zone in front
 *   4513–4533         CGCS2000 3° Gauss-Krüger, zone 25–45 in front of the easting
 *   4534–4554         the same by central meridian 75°–135°, no zone in front
 *   32601–32660       UTM north, 32701–32760 UTM south (WGS 84)
 *   3857              web mercator
 *
 * CGCS2000 and WGS 84 agree to centimetres; both carry towgs84=0, so going between them changes nothing.
 */
export interface TransverseMercator {
  latitudeOfOrigin: number;
  centralMeridian: number;
  scale: number;
  falseEastingM: number;
  falseNorthingM: number;
  ellipsoid: Ellipsoid;
}

/** 'GRS80' stands for CGCS2000 (1/f = 298.257222101 in both). */
export type Ellipsoid = 'GRS80' | 'WGS84';

const WEB_MERCATOR = '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null';

/** Human words for the list above, for error messages. */
export const KNOWN_CRS = 'CGCS2000 (EPSG:4490-4554), WGS 84 (EPSG:4326, UTM 326xx/327xx) or EPSG:3857';

/** The proj string of an EPSG code, or null when Tuban does not know it. */
export function projOfEpsg(code: number): string | null {
  if (code === 4326) return '+proj=longlat +ellps=WGS84 +towgs84=0,0,0 +no_defs';
  if (code === 4490) return '+proj=longlat +ellps=GRS80 +towgs84=0,0,0 +no_defs';
  if (code === 3857) return `${WEB_MERCATOR} +no_defs`;
  const projection = transverseMercatorOfEpsg(code);
  return projection && projOfTransverseMercator(projection);
}

export function transverseMercatorOfEpsg(code: number): TransverseMercator | null {
  if (between(code, 4491, 4501)) return gaussKruger((code - 4478) * 6 - 3, code - 4478);
  if (between(code, 4502, 4512)) return gaussKruger((code - 4489) * 6 - 3, 0);
  if (between(code, 4513, 4533)) return gaussKruger((code - 4488) * 3, code - 4488);
  if (between(code, 4534, 4554)) return gaussKruger((code - 4509) * 3, 0);
  if (between(code, 32601, 32660)) return utm(code - 32600, 0);
  if (between(code, 32701, 32760)) return utm(code - 32700, 10_000_000);
  return null;
}

export function projOfTransverseMercator(p: TransverseMercator): string {
  return (
    `+proj=tmerc +lat_0=${p.latitudeOfOrigin} +lon_0=${p.centralMeridian} +k=${p.scale} +x_0=${p.falseEastingM} ` +
    `+y_0=${p.falseNorthingM} +ellps=${p.ellipsoid} +towgs84=0,0,0 +units=m +no_defs`
  );
}

/** Reads back what projOfTransverseMercator wrote (or a user typed in that form); null = not such a string. */
export function transverseMercatorOfProj(text: string): TransverseMercator | null {
  const terms = new Map<string, string>();
  for (const term of text.trim().split(/\s+/)) {
    const [key, value = ''] = term.replace(/^\+/, '').split('=');
    terms.set(key, value);
  }
  const ellipsoid = ellipsoidOf(terms.get('ellps') ?? terms.get('datum'));
  const plainShift = /^0(,0)*$/.test(terms.get('towgs84') ?? '0');
  if (terms.get('proj') !== 'tmerc' || !ellipsoid || !plainShift || (terms.get('units') ?? 'm') !== 'm') return null;
  const number = (key: string, standard: number) => Number(terms.get(key) ?? standard);
  const projection = {
    latitudeOfOrigin: number('lat_0', 0),
    centralMeridian: number('lon_0', 0),
    scale: number(terms.has('k_0') ? 'k_0' : 'k', 1),
    falseEastingM: number('x_0', 0),
    falseNorthingM: number('y_0', 0),
    ellipsoid,
  };
  return Object.values(projection).some((value) => Number.isNaN(value)) ? null : projection;
}

/**
 * The name a transverse Mercator goes by in Tuban: 'EPSG:n' where EPSG has one, else its proj string. One name
 * per projection, so that two files of one projection compare equal whichever way they describe it. Where a 3° and
 * a 6° code mean the same projection the 3° one is taken.
 */
export function nameOfTransverseMercator(projection: TransverseMercator): string {
  const proj = projOfTransverseMercator(projection);
  for (const [first, last] of CODE_RANGES) {
    for (let code = first; code <= last; code++) if (projOfEpsg(code) === proj) return `EPSG:${code}`;
  }
  return proj;
}

const CODE_RANGES = [
  [4513, 4554],
  [4491, 4512],
  [32601, 32660],
  [32701, 32760],
];

function gaussKruger(centralMeridian: number, zone: number): TransverseMercator {
  return {
    latitudeOfOrigin: 0,
    centralMeridian,
    scale: 1,
    falseEastingM: zone * 1_000_000 + 500_000,
    falseNorthingM: 0,
    ellipsoid: 'GRS80',
  };
}

function utm(zone: number, falseNorthingM: number): TransverseMercator {
  return {
    latitudeOfOrigin: 0,
    centralMeridian: zone * 6 - 183,
    scale: 0.9996,
    falseEastingM: 500_000,
    falseNorthingM,
    ellipsoid: 'WGS84',
  };
}

function ellipsoidOf(name: string | undefined): Ellipsoid | null {
  return name === 'GRS80' || name === 'WGS84' ? name : null;
}

function between(code: number, first: number, last: number): boolean {
  return Number.isInteger(code) && code >= first && code <= last;
}
