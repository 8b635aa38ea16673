import { Clipper, Clipper64, ClipType, FillRule, type Path64, PathType } from 'clipper2-ts';
import type { LonLatBox } from '../../../imagery/grid.ts';
import { arrange, type RoledRing } from './arrangement.ts';
import { clipRing } from './box-clip.ts';
import { endingAfter, levelled } from './clipper-guard.ts';
import { facesWhere, type Loop } from './regions.ts';
import type { ZoneGeometry } from './zone-geometry.ts';

/**
 * Polygons on the whole numbers of a plane: closed rings without the repeated last point, shells anticlockwise, holes
 * clockwise, in any order. Where rings overlap, a place counts once.
 */
export type PlanePaths = Path64[];

/**
 * A plane over a box of lon/lat in which straight stays straight, and whose whole numbers are fine enough to show a
 * border to 1e-8 of the box. All products of differences in it are exact in a double (below 2^53).
 */
export interface Plane {
  /** Where longitude and latitude are 0 in the plane: the box's middle, in degrees. */
  lon: number;
  lat: number;
  /** Units per degree of longitude and of latitude. */
  east: number;
  north: number;
  /** Length of a unit on the ground in metres. */
  unitM: number;
}

/** No coordinate of a plane lies farther from its middle, so that no difference exceeds 2^26. */
const LIMIT = 2 ** 25;

/** How far the plane goes beyond its box, as a share of half its side: what sticks out farther is cut off. */
const MARGIN = 1.25;

const METRES_PER_DEGREE = 111_320;

/** The plane for working on shapes inside a box, e.g. that of a patch. Shapes may stick out: toPaths() cuts them. */
export function localPlane({ minLon, minLat, maxLon, maxLat }: LonLatBox): Plane {
  const [lon, lat] = [(minLon + maxLon) / 2, (minLat + maxLat) / 2];
  const shrink = Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  const halfM = (METRES_PER_DEGREE / 2) * Math.max((maxLon - minLon) * shrink, maxLat - minLat);
  // A box of 1 m is as fine as degrees in doubles allow.
  const unitM = (Math.max(halfM, 0.5) * MARGIN) / LIMIT;
  const north = METRES_PER_DEGREE / unitM;
  return { lon, lat, east: north * shrink, north, unitM };
}

/**
 * A polygon zone as paths, cut off a little beyond the plane's box. Lines have no paths. Neighbours that share an edge
 * share it afterwards, whatever way it runs.
 */
export function toPaths(geometry: ZoneGeometry, plane: Plane): PlanePaths {
  if (geometry.kind !== 'polygon') return [];
  return geometry.parts.flatMap((rings) => rings.map((ring) => toPath(ring, plane)).filter((path) => path.length > 2));
}

function toPath(ring: Float64Array, { lon, lat, east, north }: Plane): Path64 {
  const flat = new Float64Array(Math.max(0, ring.length - 2));
  let farthest = 0;
  for (let i = 0; i < flat.length; i += 2) {
    flat[i] = (ring[i] - lon) * east;
    flat[i + 1] = (ring[i + 1] - lat) * north;
    farthest = Math.max(farthest, Math.abs(flat[i]), Math.abs(flat[i + 1]));
  }
  const inside = farthest <= LIMIT ? flat : clipRing(flat, LIMIT);
  const path: Path64 = [];
  for (let i = 0; i < inside.length; i += 2) path.push({ x: Math.round(inside[i]), y: Math.round(inside[i + 1]) });
  return path;
}

/** What any of the polygons covers. */
export function unionOf(paths: readonly PlanePaths[]): PlanePaths {
  return combined(ClipType.Union, paths.flat(), []);
}

/** What both cover. */
export function intersection(a: PlanePaths, b: PlanePaths): PlanePaths {
  return combined(ClipType.Intersection, a, b);
}

/** What a covers and b does not. */
export function difference(a: PlanePaths, b: PlanePaths): PlanePaths {
  return combined(ClipType.Difference, a, b);
}

/** What either covers and the other does not. */
export function symmetricDifference(a: PlanePaths, b: PlanePaths): PlanePaths {
  return combined(ClipType.Xor, a, b);
}

/** The library reports by a flag alone that it failed; sweeping the other way round is another arrangement of the same. */
function combined(operation: ClipType, a: PlanePaths, b: PlanePaths): PlanePaths {
  return (
    swept(operation, a, b) ?? swept(operation, transposed(a), transposed(b), transposed) ?? failed(operation, a, b)
  );
}

function swept(
  operation: ClipType,
  a: PlanePaths,
  b: PlanePaths,
  back = (paths: PlanePaths) => paths,
): PlanePaths | null {
  const clipper = new Clipper64();
  clipper.addPaths(a.map(levelled), PathType.Subject);
  clipper.addPaths(b.map(levelled), PathType.Clip);
  endingAfter(
    clipper,
    [...a, ...b].reduce((sum, path) => sum + path.length, 0),
  );
  const solution: PlanePaths = [];
  return clipper.execute(operation, FillRule.NonZero, solution) ? back(solution) : null;
}

/** Mirrored at the diagonal; turned, so that shells stay anticlockwise. */
function transposed(paths: PlanePaths): PlanePaths {
  return paths.map((path) => path.map(({ x, y }) => ({ x: y, y: x })).reverse());
}

function failed(operation: ClipType, a: PlanePaths, b: PlanePaths): never {
  throw new Error(`Shapes of ${a.length} and ${b.length} rings could not be combined (operation ${operation}).`);
}

/** Area in the plane in m²: for comparing within it. Areas to show are ellipsoidal, of toPolygons(). */
export function pathsAreaM2(paths: PlanePaths, plane: Plane): number {
  return Clipper.areaPaths(paths) * plane.unitM ** 2;
}

/** Paths as the valid polygons of a zone, or null where they enclose nothing. */
export function toPolygons(paths: PlanePaths, plane: Plane): ZoneGeometry | null {
  const rings = paths.map((path): RoledRing => ({ ring: closedRing(path), role: 'shell' }));
  // On whole numbers meeting corners and edges are exact, so that they can be parted before degrees round them.
  const arranged = arrange(rings);
  if (arranged === null) throw new Error(`A shape of ${paths.length} rings crosses itself in too many places.`);
  const toDegrees = ({ ring }: Loop) =>
    ring.map((value, i) => (i % 2 === 0 ? lonAt(value, plane) : latAt(value, plane)));
  const faces = facesWhere(arranged, (times) => times > 0);
  const parts = faces.map(({ shell, holes }) => [shell, ...holes].map(toDegrees));
  return parts.length === 0 ? null : { kind: 'polygon', parts };
}

function closedRing(path: Path64): Float64Array {
  const ring = new Float64Array(2 * path.length + 2);
  path.forEach(({ x, y }, i) => {
    ring[2 * i] = x;
    ring[2 * i + 1] = y;
  });
  ring.copyWithin(2 * path.length, 0, 2);
  return ring;
}

function lonAt(x: number, { lon, east }: Plane): number {
  return lon + x / east;
}

function latAt(y: number, { lat, north }: Plane): number {
  return lat + y / north;
}
