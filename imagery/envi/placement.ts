import { gridOfAffine } from '../affine.ts';
import { parseCrs } from '../crs.ts';
import { type Ellipsoid, KNOWN_CRS, nameOfTransverseMercator } from '../crs-definitions.ts';
import { crsOfWkt } from '../crs-wkt.ts';
import { ImageryError } from '../error.ts';
import { type Grid, pixelGrid } from '../grid.ts';
import { refuseRpcOnly } from '../sidecar/rpc.ts';
import { type EnviHeader, listOf } from './header.ts';

/** 'map info': where one place of the image (1, 1 = its upper left corner) lies, and how large its pixels are. */
interface MapInfo {
  projection: string;
  column: number;
  row: number;
  x: number;
  y: number;
  pixelWidth: number;
  pixelHeight: number;
  /** What follows the pixel size: UTM zone and hemisphere, datum. */
  rest: string[];
  /** 'units', 'rotation' in small letters. */
  named: Map<string, string>;
}

/**
 * The grid of an ENVI image: its place from 'map info', its CRS from 'coordinate system string' where there is one,
 * else from 'map info' and 'projection info'. Without 'map info': pixel coordinates.
 * @throws ImageryError image-damaged, image-unsupported, crs-unknown
 */
export async function placeEnvi(path: string, header: EnviHeader): Promise<Grid> {
  const { width, height, fields } = header;
  const map = mapInfoOf(path, listOf(fields.get('map info')));
  if (map === null) {
    await refuseRpcOnly(path, fields.has('rpc info'));
    if (fields.has('geo points'))
      throw new ImageryError(
        'image-unsupported',
        `${path}: cannot be read: wanted 'map info', got ground control points; orthorectify it first.`,
      );
    return pixelGrid(width, height);
  }
  // What ENVI writes for an image that lies nowhere.
  const isArbitrary = /^arbitrary$/i.test(map.projection);
  if (isArbitrary && map.x === 0 && map.y === 0 && map.pixelWidth === 1) return pixelGrid(width, height);
  const turn = Number(map.named.get('rotation') ?? 0);
  if (turn !== 0)
    throw new ImageryError(
      'image-unsupported',
      `${path}: cannot be read: wanted rows along the x axis, got an image rotated by ${turn}°; warp it first.`,
    );
  const affine = {
    originX: map.x - (map.column - 1) * map.pixelWidth,
    originY: map.y + (map.row - 1) * map.pixelHeight,
    perColumnX: map.pixelWidth,
    perColumnY: 0,
    perRowX: 0,
    perRowY: -map.pixelHeight,
  };
  return gridOfAffine(path, header, affine, isArbitrary ? null : crsOf(path, map, fields));
}

function mapInfoOf(path: string, list: string[]): MapInfo | null {
  if (list.length === 0) return null;
  const [projection] = list;
  const [column, row, x, y, pixelWidth, pixelHeight] = list.slice(1, 7).map(Number);
  if (list.length < 7 || ![column, row, x, y, pixelWidth, pixelHeight].every(Number.isFinite))
    throw new ImageryError(
      'image-damaged',
      `${path}: is damaged: its 'map info' is {${list.join(', ').slice(0, 80)}}.`,
    );
  const rest = list.slice(7).filter((part) => !part.includes('='));
  const named = list.slice(7).filter((part) => part.includes('='));
  return {
    projection,
    column,
    row,
    x,
    y,
    pixelWidth,
    pixelHeight,
    rest,
    named: new Map(named.map((part) => part.toLowerCase().split('=', 2) as [string, string])),
  };
}

function crsOf(path: string, map: MapInfo, fields: ReadonlyMap<string, string>): string {
  const wkt = fields.get('coordinate system string') ?? '';
  if (wkt !== '') {
    try {
      const crs = crsOfWkt(wkt);
      if (crs !== null) return crs;
    } catch (error) {
      if (error instanceof ImageryError) throw new ImageryError(error.code, `${path}: ${error.message}`, error);
      throw error;
    }
  }
  const units = map.named.get('units') ?? 'meters';
  if (!/^(met(er|re)s?|degrees?)$/.test(units)) throw unknown(path, `'map info' in ${units}`);
  if (/^utm$/i.test(map.projection)) return utm(path, map);
  if (/^geographic/i.test(map.projection))
    return ellipsoidOf(path, map.rest.join(' ')) === 'WGS84' ? 'EPSG:4326' : 'EPSG:4490';
  return projectionOf(path, map, listOf(fields.get('projection info')));
}

function utm(path: string, { rest }: MapInfo): string {
  const [zone, hemisphere] = [Number(rest[0]), rest[1] ?? ''];
  const south = /^s/i.test(hemisphere);
  if (!(Number.isInteger(zone) && zone >= 1 && zone <= 60) || !/^[ns]/i.test(hemisphere))
    throw unknown(path, `UTM zone ${rest.slice(0, 2).join(' ')}`);
  if (ellipsoidOf(path, rest.slice(2).join(' ')) !== 'WGS84') throw unknown(path, `UTM on ${rest.slice(2).join(' ')}`);
  return parseCrs(`EPSG:${(south ? 32_700 : 32_600) + zone}`);
}

/** 'projection info' = {3 (transverse Mercator), a, b, lat0, lon0, x0, y0, scale, datum, name}. */
function projectionOf(path: string, map: MapInfo, info: string[]): string {
  if (info[0] !== '3') throw unknown(path, `projection "${map.projection.slice(0, 80)}"`);
  const [latitudeOfOrigin, centralMeridian, falseEastingM, falseNorthingM, scale] = info.slice(3, 8).map(Number);
  if (![latitudeOfOrigin, centralMeridian, falseEastingM, falseNorthingM, scale].every(Number.isFinite))
    throw unknown(path, `'projection info' {${info.join(', ').slice(0, 80)}}`);
  return nameOfTransverseMercator({
    latitudeOfOrigin,
    centralMeridian,
    scale,
    falseEastingM,
    falseNorthingM,
    ellipsoid: ellipsoidOf(path, info[8] ?? ''),
  });
}

function ellipsoidOf(path: string, words: string): Ellipsoid {
  if (/CGCS[ _-]?2000|China[ _-](Geodetic[ _-]Coordinate[ _-]System[ _-])?2000/i.test(words)) return 'GRS80';
  if (/WGS[ _-]?(19)?84/i.test(words)) return 'WGS84';
  throw unknown(path, words.trim() === '' ? 'no datum' : `datum "${words.trim().slice(0, 80)}"`);
}

function unknown(path: string, found: string): ImageryError {
  return new ImageryError('crs-unknown', `${path}: its CRS is not known: wanted ${KNOWN_CRS}, got ${found}.`);
}
