import { isGeographic, parseCrs, toLonLat } from '../../../imagery/crs.ts';
import { transverseMercatorOfEpsg, transverseMercatorOfProj } from '../../../imagery/crs-definitions.ts';
import { ImageryError } from '../../../imagery/error.ts';
import type { LonLatBox } from '../../../imagery/grid.ts';
import { epsgOfZone } from '../geometry/to-lon-lat.ts';
import { refuseLayer } from '../layer-refusal.ts';
import { type Coordinates, couldBeMercator, type Look, lookOf, prefixOf } from './coordinate-look.ts';
import type { LayerCrs } from './layer-file.ts';
import type { StatedCrs } from './layer-source.ts';

/** Metres whose zone is told by the number before each easting. */
const BY_PREFIX = 'by-prefix';

export interface CrsClues {
  path: string;
  /** What the user said. */
  option: string | undefined;
  stated: StatedCrs;
  /** Points of the layer as it has them. */
  points: Coordinates;
  districtsBox: LonLatBox | null;
}

export interface CrsDecision {
  crs: LayerCrs;
  /** True where the file's axes are to be swapped. */
  swapped: boolean;
  notes: string[];
}

/** What a CRS is said to be, and by whom. */
interface Said {
  crs: string;
  by: string;
  /** The user's word is not held against where the districts lie. */
  byUser: boolean;
}

/** China with its seas: swapping the axes takes every place in it out of it. */
const CHINA: LonLatBox = { minLon: 73, minLat: 3, maxLon: 136, maxLat: 54 };
/** How far round the known districts a layer of theirs may lie, degrees. */
const ROUND_DISTRICTS = 0.5;
/** 3° Gauss-Krüger by central meridian, 75° to 135°; the 6° ones lie on the same meridians. */
const BY_MERIDIAN = Array.from({ length: 21 }, (_, i) => 4534 + i);
/** Share of points that may fit nothing without anything following from it. */
const MOST_STRAY = 0.05;
const MOST_EASTING = 450_000;
const FARTHEST_MERCATOR = 20_037_508.35;

/**
 * How a layer's coordinates are to be read: as the user says, else as the file says, else as they look. What is said
 * is held against the coordinates. Axes the wrong way round are read swapped, with a note, where only that fits; a
 * CRS that does not fit is refused with the one to give.
 * @throws ServiceError layer-invalid, with the --crs to give
 */
export function decideCrs(clues: CrsClues): CrsDecision {
  const points = clues.points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  const said = saidCrs(clues);
  if (said !== null) return checkSaid({ ...clues, points }, said);
  return guess({ ...clues, points }, lookOf(points));
}

function saidCrs({ path, option, stated }: CrsClues): Said | null {
  if (option !== undefined) {
    if (option.trim().toLowerCase() === BY_PREFIX) return { crs: BY_PREFIX, by: '--crs', byUser: true };
    try {
      return { crs: parseCrs(option), by: '--crs', byUser: true };
    } catch (error) {
      if (!(error instanceof ImageryError)) throw error;
      refuseLayer(path, null, `cannot be read by --crs: ${error.message.replace(/\.$/, '')}, or ${BY_PREFIX}`, error);
    }
  }
  if (stated.problem !== null) {
    const convert = 'convert it (ogr2ogr -t_srs EPSG:4490 OUT IN), or give the right one with --crs';
    refuseLayer(path, null, `cannot be placed, as ${stated.by} says: ${stated.problem}; ${convert}`);
  }
  return stated.crs === null ? null : { crs: stated.crs, by: stated.by, byUser: false };
}

function checkSaid(clues: CrsClues, said: Said): CrsDecision {
  const { path, points, districtsBox } = clues;
  const crs = { crs: said.crs, because: `${said.crs}, as ${said.by} says` };
  if (points.length === 0) return { crs, swapped: false, notes: [] };
  const fitting = share(points, (x, y) => fits(said.crs, x, y));
  const turned = share(points, (x, y) => fits(said.crs, y, x));
  if (fitting < 0.5 && turned < 0.5) refuseMisfit(clues, said);
  if (fitting < 0.5 && fitting > MOST_STRAY) refuseBothWays(path, said, fitting);
  const swapped = fitting < 0.5 || (turned >= 0.5 && onlySwappedIn(points, said.crs, districtsBox));
  const straight = swapped ? points.map(([x, y]) => [y, x] as const) : points;
  refuseOtherZones(path, said, straight);
  if (!said.byUser && districtsBox !== null) refuseElsewhere(path, said, straight, districtsBox);
  return { crs, swapped, notes: swapped ? [swapNote(said.crs)] : [] };
}

function guess({ path, stated, points, districtsBox }: CrsClues, look: Look): CrsDecision {
  const found = (crs: string, because: string, noted = true): CrsDecision => {
    const swapped = look.swapped || (crs !== BY_PREFIX && onlySwappedIn(points, crs, districtsBox));
    const notes = [...(noted ? [`${stated.by}: ${because}`] : []), ...(swapped ? [swapNote(crs)] : [])];
    return { crs: { crs, because: `${crs}: ${stated.by}, ${because}` }, swapped, notes };
  };
  const { fallback } = stated;
  if (fallback && (points.length === 0 || look.kind === 'degrees')) return found(fallback.crs, fallback.because, false);
  if (points.length === 0) return found('EPSG:4490', 'and no coordinates to tell it by');
  if (look.kind === 'degrees') {
    const isChina = share(points, (x, y) => within(CHINA, x, y) || within(CHINA, y, x)) >= 0.5;
    if (isChina) return found('EPSG:4490', 'read as EPSG:4490, since its coordinates are degrees in China');
    return found('EPSG:4326', 'read as EPSG:4326, since its coordinates are degrees, outside China');
  }
  if (look.kind === 'prefixed') {
    const mercator = share(points, (x, y) => couldBeMercator(x, y)) >= 0.5;
    if (!mercator) return found(BY_PREFIX, `read by the zone before its eastings (${look.zones.join(', ')})`);
    const both = [`EPSG:${epsgOfZone(look.zones[0])}`, 'EPSG:3857'];
    const one = among(both, points, districtsBox);
    const remedy =
      one.length === 1
        ? `give --crs ${one[0]}, which puts it among the known districts`
        : `give --crs ${both.join(' or ')}`;
    refuseLayer(
      path,
      null,
      `has ${stated.by}, and its coordinates (${shownPoint(points)}) may be of two CRSs: ${remedy}`,
    );
  }
  return refuseLayer(
    path,
    null,
    `has ${stated.by}, and ${describe(points, look)}: ${remedyFor(look, null, points, districtsBox)}`,
  );
}

/** True when the point can be one of the CRS: not farther from its middle than it is used. */
function fits(crs: string, x: number, y: number): boolean {
  if (crs === BY_PREFIX) return prefixOf(x, y) !== null;
  if (isGeographic(crs)) return Math.abs(x) <= 180 && Math.abs(y) <= 90;
  const projection = mercatorOf(crs);
  if (projection === null)
    return Math.abs(x) <= FARTHEST_MERCATOR && Math.abs(y) <= FARTHEST_MERCATOR && Math.abs(x) + Math.abs(y) > 360;
  const northing = Math.abs(y - projection.falseNorthingM);
  return Math.abs(x - projection.falseEastingM) <= MOST_EASTING && northing < 1e7 && Math.abs(x) + Math.abs(y) > 360;
}

/** As the axes stand nothing is in China (or among the districts), and the other way round all of it. */
function onlySwappedIn(points: Coordinates, crs: string, districts: LonLatBox | null): boolean {
  if (crs === BY_PREFIX) return false;
  const place = toLonLat(crs);
  const isFor = (box: LonLatBox) =>
    share(points, (x, y) => within(box, ...place(x, y))) === 0 &&
    share(points, (x, y) => within(box, ...place(y, x))) >= 0.95;
  return isFor(CHINA) || (districts !== null && isFor(districts));
}

function refuseBothWays(path: string, said: Said, fitting: number): never {
  const share = `${Math.round(100 * fitting)} % of its features`;
  refuseLayer(
    path,
    null,
    `has ${share} in ${said.crs} as they stand and the rest with x and y the other way round: mend it`,
  );
}

function refuseMisfit({ path, points, districtsBox }: CrsClues, said: Said): never {
  const look = lookOf(points);
  const remedy = remedyFor(look, said, points, districtsBox);
  refuseLayer(path, null, `is ${said.crs}, as ${said.by} says, but ${describe(points, look)}: ${remedy}`);
}

/** Eastings that carry another zone's number than the CRS has: the numbers are right, or nothing is. */
function refuseOtherZones(path: string, said: Said, points: Coordinates): void {
  const own = mercatorOf(said.crs)?.falseEastingM ?? 0;
  if (own < 1e6) return;
  const zones = lookOf(points).zones;
  const others = zones.filter((zone) => zone !== Math.floor(own / 1e6));
  if (others.length === 0) return;
  const got = `eastings of zone ${zones.join(', ')}`;
  refuseLayer(path, null, `is ${said.crs}, as ${said.by} says, but it has ${got}: give --crs ${BY_PREFIX}`);
}

/** Metres without a zone fit every central meridian: only where they land tells a wrong one. */
function refuseElsewhere(path: string, said: Said, points: Coordinates, districts: LonLatBox): void {
  if (isGeographic(said.crs) || among([said.crs], points, districts).length > 0) return;
  const better = among(
    BY_MERIDIAN.map((code) => `EPSG:${code}`),
    points,
    districts,
  );
  if (mercatorOf(said.crs)?.falseEastingM !== 500_000 || better.length === 0) return;
  const either = `give --crs ${better.join(' or ')}, or --crs ${said.crs} if it does lie elsewhere`;
  refuseLayer(
    path,
    null,
    `lies far from the known districts in ${said.crs}, as ${said.by} says, and among them in ${better.join(', ')}: ${either}`,
  );
}

function remedyFor(look: Look, said: Said | null, points: Coordinates, districts: LonLatBox | null): string {
  if (look.kind === 'degrees') return 'give --crs EPSG:4490';
  if (look.kind === 'mercator') return 'give --crs EPSG:3857 if that is what they are';
  if (look.kind === 'prefixed') {
    return look.zones.length === 1 ? `give --crs EPSG:${epsgOfZone(look.zones[0])}` : `give --crs ${BY_PREFIX}`;
  }
  if (look.kind === 'unknown') return 'give the right one with --crs';
  const meridian = said === null ? undefined : mercatorOf(said.crs)?.centralMeridian;
  const code = meridian === undefined ? Number.NaN : 4509 + meridian / 3;
  if (BY_MERIDIAN.includes(code)) return `give --crs EPSG:${code}`;
  const straight = look.swapped ? points.map(([x, y]) => [y, x] as const) : points;
  const near = among(
    BY_MERIDIAN.map((one) => `EPSG:${one}`),
    straight,
    districts,
  );
  const list = 'EPSG:4534 (75°E) to EPSG:4554 (135°E), every 3°';
  if (near.length === 0) return `give --crs with its central meridian, one of ${list}`;
  return `give --crs ${near.join(' or ')}, which puts it among the known districts (of ${list})`;
}

/** Those of the CRSs in which most of the points lie among the districts. */
function among(codes: readonly string[], points: Coordinates, districts: LonLatBox | null): string[] {
  if (districts === null) return [];
  const round = {
    ...{ minLon: districts.minLon - ROUND_DISTRICTS, minLat: districts.minLat - ROUND_DISTRICTS },
    ...{ maxLon: districts.maxLon + ROUND_DISTRICTS, maxLat: districts.maxLat + ROUND_DISTRICTS },
  };
  return codes.filter((crs) => {
    const place = crs === BY_PREFIX ? null : toLonLat(crs);
    return place === null || share(points, (x, y) => within(round, ...place(x, y))) >= 0.5;
  });
}

function describe(points: Coordinates, { kind, swapped, zones }: Look): string {
  const what = {
    degrees: 'its coordinates are degrees',
    prefixed: `its eastings have zone ${zones.join(', ')} before them`,
    metres: 'its coordinates are metres without a zone before them',
    mercator: 'its coordinates may be web mercator',
    unknown: 'its coordinates are neither degrees nor metres of China',
  }[kind];
  return `${what} (${shownPoint(points)}${swapped ? ', the other way round' : ''})`;
}

function shownPoint([[x, y]]: Coordinates): string {
  return [x, y].map((value) => value.toLocaleString('en-US', { maximumFractionDigits: 3 })).join(' / ');
}

function swapNote(crs: string): string {
  const isDegrees = crs !== BY_PREFIX && isGeographic(crs);
  return isDegrees
    ? 'latitude stands before longitude in it: read the other way round'
    : 'northing stands before easting in it: read the other way round';
}

function mercatorOf(crs: string) {
  if (crs === BY_PREFIX) return null;
  return crs.startsWith('EPSG:') ? transverseMercatorOfEpsg(Number(crs.slice(5))) : transverseMercatorOfProj(crs);
}

function share(points: Coordinates, holds: (x: number, y: number) => boolean): number {
  let count = 0;
  for (const [x, y] of points) if (holds(x, y)) count++;
  return count / points.length;
}

function within(box: LonLatBox, lon: number, lat: number): boolean {
  return lon >= box.minLon && lon <= box.maxLon && lat >= box.minLat && lat <= box.maxLat;
}
