import { pathAreaM2, pathLengthM } from '../../../imagery/ellipsoid.ts';
import type { LonLatBox } from '../../../imagery/grid.ts';
import { collectedParts } from './geometry-kind.ts';
import { cleanLine, cleanRing, flatAreaM2, pathProblem, Repairs, reversed, squareDegreeM2 } from './ring-cleaning.ts';
import { turnOfSimpleRing } from './simple-ring.ts';
import { Doubt, enclosedM2, NO_AREA_M2, untangled } from './untangle.ts';
import type { RawGeometry, ZoneGeometry } from './zone-geometry.ts';

export interface PreparedZone {
  /** Valid: rings closed and simple, shells anticlockwise, holes clockwise, parts apart. */
  geometry: ZoneGeometry;
  /** On the ellipsoid; 0 of a line. */
  areaM2: number;
  /** On the ellipsoid; 0 of a polygon. */
  lengthM: number;
  box: LonLatBox;
  /** What had to be put right, in words. */
  repairs: string[];
}

/** Why a feature is left out, as the rest of a sentence about it: "crosses itself near …; wanted a simple outline". */
export interface RejectedZone {
  rejected: string;
}

export interface PrepareOptions {
  /** The format does not say which way shells turn, or says otherwise than OGC: turning rings is then no repair. */
  shellsMayTurnEitherWay?: boolean;
}

/** A shape in lon/lat as a valid zone with its measures. Never throws: what cannot be used says why. */
export function prepareZone(
  raw: RawGeometry,
  kind: 'polygon' | 'line' | 'either',
  { shellsMayTurnEitherWay = false }: PrepareOptions = {},
): PreparedZone | RejectedZone {
  const ring = raw.parts.length === 1 && raw.parts[0].length === 1 ? raw.parts[0][0] : null;
  if (ring !== null && kind !== 'line' && (raw.type === 'Polygon' || raw.type === 'MultiPolygon')) {
    const prepared = simpleZone(ring, raw.hadHeights, shellsMayTurnEitherWay);
    if (prepared !== null) return prepared;
  }
  const repairs = new Repairs();
  const chosen = collectedParts(raw, kind, repairs);
  if ('rejected' in chosen) return chosen;
  if (raw.hadHeights) repairs.note('heights were left out');
  for (const path of chosen.parts.flat()) {
    const problem = pathProblem(path);
    if (problem !== null) return { rejected: problem };
  }
  if (chosen.kind === 'line') return lineZone(chosen.parts, repairs);
  try {
    return polygonZone(chosen.parts, repairs, shellsMayTurnEitherWay);
  } catch (error) {
    if (error instanceof Doubt) return { rejected: error.message };
    throw error;
  }
}

/** A polygon of one ring of few corners that needs no repair but perhaps turning; null = look closer. */
function simpleZone(ring: Float64Array, hadHeights: boolean, eitherWay: boolean): PreparedZone | null {
  const turn = turnOfSimpleRing(ring);
  // Written so that a ring of no numbers, whose area is none either, is looked at more closely too.
  if (!(Math.abs(turn / 2) * squareDegreeM2(ring[1]) >= NO_AREA_M2)) return null;
  const repairs: string[] = [];
  if (hadHeights) repairs.push('heights were left out');
  if (turn < 0 && !eitherWay) repairs.push('a shell was turned anticlockwise');
  const shell = turn > 0 ? ring : reversed(ring);
  const geometry: ZoneGeometry = { kind: 'polygon', parts: [[shell]] };
  return { geometry, areaM2: pathAreaM2(shell), lengthM: 0, box: boxOfParts(geometry.parts), repairs };
}

/** @throws Doubt */
function polygonZone(parts: Float64Array[][], repairs: Repairs, eitherWay: boolean): PreparedZone | RejectedZone {
  const clean = parts.map((rings) => cleanPart(rings, repairs, eitherWay)).filter((part) => part !== null);
  if (clean.length === 0) return { rejected: 'has no area' };
  const valid = untangled(clean, repairs).filter(([shell]) => Math.abs(flatAreaM2(shell)) >= NO_AREA_M2);
  if (valid.length === 0) return { rejected: 'has no area' };
  let areaM2 = 0;
  for (const ring of valid.flat()) areaM2 += pathAreaM2(ring);
  const geometry: ZoneGeometry = { kind: 'polygon', parts: valid };
  return { geometry, areaM2, lengthM: 0, box: boxOfParts(valid), repairs: repairs.lines() };
}

/** The rings of one part that have an area, turned as they should; null when the shell has none. */
function cleanPart([raw, ...rawHoles]: Float64Array[], repairs: Repairs, eitherWay: boolean): Float64Array[] | null {
  const shell = raw === undefined ? new Float64Array(0) : cleanRing(raw, repairs);
  if (isSliver(shell)) {
    repairs.note('a part without area was left out');
    return null;
  }
  const holes: Float64Array[] = [];
  for (const rawHole of rawHoles) {
    const hole = cleanRing(rawHole, repairs);
    if (isSliver(hole)) repairs.note('a hole without area was left out');
    else holes.push(flatAreaM2(hole) < 0 ? hole : turned(hole, 'a hole was turned clockwise', repairs, eitherWay));
  }
  const right = flatAreaM2(shell) > 0;
  return [right ? shell : turned(shell, 'a shell was turned anticlockwise', repairs, eitherWay), ...holes];
}

function turned(ring: Float64Array, what: string, repairs: Repairs, eitherWay: boolean): Float64Array {
  if (!eitherWay) repairs.note(what);
  return reversed(ring);
}

/** The lobes of a bow-tie cancel in its area, but not in what it encloses. */
function isSliver(ring: Float64Array): boolean {
  return ring.length < 8 || (Math.abs(flatAreaM2(ring)) < NO_AREA_M2 && enclosedM2(ring) < NO_AREA_M2);
}

function lineZone(lines: Float64Array[][], repairs: Repairs): PreparedZone | RejectedZone {
  const parts: Float64Array[][] = [];
  let lengthM = 0;
  for (const path of lines.flat()) {
    const clean = cleanLine(path, repairs);
    if (clean.length < 4) repairs.note('a line without length was left out');
    else {
      parts.push([clean]);
      lengthM += pathLengthM(clean);
    }
  }
  if (parts.length === 0) return { rejected: 'has no length' };
  return { geometry: { kind: 'line', parts }, areaM2: 0, lengthM, box: boxOfParts(parts), repairs: repairs.lines() };
}

/** Holes lie in their shells. */
function boxOfParts(parts: readonly Float64Array[][]): LonLatBox {
  let [minLon, minLat, maxLon, maxLat] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [path] of parts) {
    for (let i = 0; i < path.length; i += 2) {
      const [lon, lat] = [path[i], path[i + 1]];
      if (lon < minLon) minLon = lon;
      if (lon > maxLon) maxLon = lon;
      if (lat < minLat) minLat = lat;
      if (lat > maxLat) maxLat = lat;
    }
  }
  return { minLon, minLat, maxLon, maxLat };
}
