import proj4 from 'proj4';
import {
  KNOWN_CRS,
  nameOfTransverseMercator,
  projOfEpsg,
  projOfTransverseMercator,
  transverseMercatorOfProj,
} from './crs-definitions.ts';
import { ImageryError } from './error.ts';

/** x, y: easting, northing in metres, or longitude, latitude in degrees. Never the other way round. */
export type Point = [number, number];

type Transform = (x: number, y: number) => Point;

/** '4526', 'EPSG:4526', 'urn:ogc:def:crs:EPSG::4526', 'http://www.opengis.net/def/crs/EPSG/0/4526'. */
const EPSG_CODE =
  /^(?:(?:urn:ogc:def:crs:)?EPSG:(?:[\d.]*:)?|https?:\/\/www\.opengis\.net\/def\/crs\/EPSG\/[\d.]+\/)?(\d+)$/i;

const identity: Transform = (x, y) => [x, y];
const transforms = new Map<string, Transform>();

/**
 * The CRS a user means: 'EPSG:4526', '4526', an OGC URN or URL, 'CRS84', or a proj string of a transverse Mercator
 * on CGCS2000 (GRS80) or WGS 84. Returns the one name Tuban uses for it ('EPSG:n' wherever there is a code).
 * @throws ImageryError crs-unknown
 */
export function parseCrs(text: string): string {
  const trimmed = text.trim();
  if (/^\+?proj=/.test(trimmed)) {
    const projection = transverseMercatorOfProj(trimmed);
    if (projection) return nameOfTransverseMercator(projection);
  }
  if (/(^|[:/])CRS84$/i.test(trimmed)) return 'EPSG:4326';
  const code = EPSG_CODE.exec(trimmed)?.[1];
  if (code && projOfEpsg(Number(code)) !== null) return `EPSG:${Number(code)}`;
  throw new ImageryError('crs-unknown', `CRS "${shortened(trimmed)}" is not known; wanted ${KNOWN_CRS}.`);
}

/** True when the CRS's coordinates are degrees. @throws ImageryError crs-unknown */
export function isGeographic(crs: string): boolean {
  return projOf(crs).startsWith('+proj=longlat');
}

/**
 * The function that takes coordinates of `from` to coordinates of `to`. What cannot be projected (a pole in
 * web mercator, a point on the far side of the Earth) comes back as [NaN, NaN].
 * @throws ImageryError crs-unknown
 */
export function transformer(from: string, to: string): Transform {
  const key = `${from} > ${to}`;
  let transform = transforms.get(key);
  if (!transform) {
    transform = createTransform(projOf(from), projOf(to));
    transforms.set(key, transform);
  }
  return transform;
}

/** Coordinates of `crs` to longitude, latitude in degrees (WGS 84, which CGCS2000 equals here). */
export function toLonLat(crs: string): Transform {
  return transformer(crs, 'EPSG:4326');
}

/** Longitude, latitude in degrees to coordinates of `crs`. */
export function fromLonLat(crs: string): Transform {
  return transformer('EPSG:4326', crs);
}

function createTransform(from: string, to: string): Transform {
  // Two longlat systems here differ only in the ellipsoid's 11th digit of flattening, with no datum shift.
  if (from === to || (from.startsWith('+proj=longlat') && to.startsWith('+proj=longlat'))) return identity;
  const converter = proj4(from, to);
  return (x, y) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return [Number.NaN, Number.NaN];
    const [east, north] = converter.forward([x, y]);
    return Number.isFinite(east) && Number.isFinite(north) ? [east, north] : [Number.NaN, Number.NaN];
  };
}

function projOf(crs: string): string {
  const name = parseCrs(crs);
  if (!name.startsWith('EPSG:')) return projOfTransverseMercator(transverseMercatorOfProj(name)!);
  return projOfEpsg(Number(name.slice('EPSG:'.length)))!;
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
