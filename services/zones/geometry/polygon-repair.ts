import type { MultiPolygon, Polygon, Position } from 'geojson';
import { geometryAreaM2 } from '../../../imagery/ellipsoid.ts';
import { shown } from '../layer-refusal.ts';
import { boundaryMeeting } from './boundary-crossing.ts';
import { type Rings, unite } from './clipper.ts';
import { positionProblem } from './coordinate-order.ts';

export interface RepairedGeometry {
  geometry: Polygon | MultiPolygon;
  areaM2: number;
  /** What had to be put right, in words. */
  repairs: string[];
}

/** Ends the work on a geometry whose defect no program should settle; gets the rest of a sentence about the feature. */
export type Refuse = (problem: string) => never;

/** Positions nearer than this in both coordinates (0.1 mm) are the same point. */
const SAME_DEGREES = 1e-9;

/** A ring smaller than this, 10 cm square, is a leftover of editing. */
const NO_AREA_M2 = 0.01;

const REPEATED = 'a repeated point was dropped';
const SPIKE = 'a spike was cut off';

interface Desk {
  refuse: Refuse;
  note: (what: string) => void;
}

/**
 * A GeoJSON geometry as a valid (Multi)Polygon: rings closed, repeated points and spikes dropped, shells turned
 * anticlockwise and holes clockwise, slivers left out, tiny loops counted once. Each such change is reported.
 */
export function repairGeometry(geometry: unknown, refuse: Refuse): RepairedGeometry {
  const changes = new Map<string, number>();
  const note = (what: string) => {
    changes.set(what, (changes.get(what) ?? 0) + 1);
  };
  const desk: Desk = { refuse, note };
  const { type, polygons } = partsOf(geometry, desk);
  const parts = polygons.map((polygon) => cleanPolygon(polygon, desk)).filter((part) => part !== null);
  if (parts.length === 0) desk.refuse('has no area');
  const valid = withoutCrossings(parts, desk);
  const repaired: Polygon | MultiPolygon =
    type === 'Polygon' && valid.length === 1
      ? { type, coordinates: valid[0] }
      : { type: 'MultiPolygon', coordinates: valid };
  const repairs = [...changes].map(([what, times]) => (times > 1 ? `${what} (${times} times)` : what));
  return { geometry: repaired, areaM2: geometryAreaM2(repaired), repairs };
}

function partsOf(geometry: unknown, desk: Desk): { type: string; polygons: unknown[] } {
  const { type, coordinates } = (geometry ?? {}) as { type?: unknown; coordinates?: unknown };
  if (geometry === null || geometry === undefined) desk.refuse('has no geometry; wanted a Polygon or MultiPolygon');
  if (type !== 'Polygon' && type !== 'MultiPolygon') {
    desk.refuse(`is a ${typeof type === 'string' ? type : shown(geometry)}; wanted a Polygon or MultiPolygon`);
  }
  if (!Array.isArray(coordinates) || coordinates.length === 0) {
    desk.refuse(`is a ${type} with the coordinates ${shown(coordinates)}; wanted rings of positions`);
  }
  return { type, polygons: type === 'Polygon' ? [coordinates] : coordinates };
}

/** The clean rings of one part, or null when its shell has no area. */
function cleanPolygon(polygon: unknown, desk: Desk): Rings | null {
  if (!Array.isArray(polygon) || polygon.length === 0) {
    desk.refuse(`has the polygon ${shown(polygon)}; wanted an array of rings`);
  }
  const rings = polygon.map((ring) => cleanRing(ring, desk));
  if (isSliver(rings[0])) {
    desk.note('a part without area was left out');
    return null;
  }
  const holes = rings.slice(1).filter((hole) => !isSliver(hole));
  if (holes.length < rings.length - 1) desk.note('a hole without area was left out');
  return [wound(rings[0], 1, desk), ...holes.map((hole) => wound(hole, -1, desk))];
}

function cleanRing(ring: unknown, desk: Desk): Position[] {
  if (!Array.isArray(ring)) desk.refuse(`has the ring ${shown(ring)}; wanted an array of positions`);
  const positions = ring.map((position) => lonLat(position, desk));
  const closed = positions.length > 1 && same(positions[0], positions[positions.length - 1]);
  if (!closed && positions.length > 0) {
    positions.push(positions[0]);
    desk.note('a ring was closed');
  }
  if (positions.length < 4) {
    desk.refuse(`has a ring of ${ring.length} positions; wanted at least 4, the last like the first`);
  }
  return withoutRepeats(positions, desk);
}

function lonLat(position: unknown, desk: Desk): Position {
  const [x, y, ...more] = Array.isArray(position) ? (position as unknown[]) : [];
  if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y)) {
    desk.refuse(`has the position ${shown(position)}; wanted two finite numbers, longitude and latitude`);
  }
  const problem = positionProblem(x, y);
  if (problem) desk.refuse(`has the position [${x}, ${y}]: ${problem}`);
  if (more.length > 0) desk.note('heights were left out');
  return [x, y];
}

/** Drops points that repeat the one before and the tips of spikes that go out and come back the same way. */
function withoutRepeats(closed: readonly Position[], { note }: Desk): Position[] {
  const open: Position[] = [];
  for (const point of closed.slice(0, -1)) {
    const n = open.length;
    if (n > 0 && same(point, open[n - 1])) note(REPEATED);
    else if (n > 1 && same(point, open[n - 2])) {
      open.pop(); // Back at the spike's foot.
      note(SPIKE);
    } else open.push(point);
  }
  tidySeam(open, note);
  return [...open, open[0]];
}

/** The same where the last point is followed by the first. */
function tidySeam(open: Position[], note: Desk['note']): void {
  for (let n = open.length; n > 2; n = open.length) {
    if (same(open[n - 1], open[0])) {
      open.pop();
      note(REPEATED);
    } else if (same(open[n - 2], open[0])) {
      open.pop();
      note(SPIKE);
    } else if (same(open[n - 1], open[1])) {
      open.shift();
      note(SPIKE);
    } else return;
  }
}

function same(a: Position, b: Position): boolean {
  return Math.abs(a[0] - b[0]) <= SAME_DEGREES && Math.abs(a[1] - b[1]) <= SAME_DEGREES;
}

/** The lobes of a bow-tie cancel in its area, but not in what it encloses. */
function isSliver(ring: Position[]): boolean {
  return ring.length < 4 || (Math.abs(flatAreaM2(ring)) < NO_AREA_M2 && unite([[ring]]).areaM2 < NO_AREA_M2);
}

function wound(ring: Position[], turn: 1 | -1, { note }: Desk): Position[] {
  if (flatAreaM2(ring) * turn > 0) return ring;
  note(turn > 0 ? 'a shell was turned anticlockwise' : 'a hole was turned clockwise');
  return ring.toReversed();
}

/**
 * A boundary is sound when every place it encloses is enclosed once. A loop of less than 1 m² (and 1 % of the
 * feature), or a millionth of it, is a slip of the digitiser and is counted once; anything larger is for people.
 */
function withoutCrossings(polygons: Rings[], desk: Desk): Rings[] {
  const rings = polygons.flat();
  const meeting = boundaryMeeting(rings);
  if (!meeting && rings.length === 1) return polygons;
  const united = unite(polygons);
  const doubtfulM2 = Math.abs(united.areaM2 - united.enteredM2);
  // Clipper's millimetres: an edge may sweep half of one along its length.
  const rounding = meeting?.crosses ? 0 : 1e-3 * rings.reduce((sum, ring) => sum + lengthM(ring), 0);
  if (doubtfulM2 <= Math.max(NO_AREA_M2, rounding)) return polygons;
  const place = meeting
    ? `near [${meeting.at[0].toFixed(6)}, ${meeting.at[1].toFixed(6)}]`
    : 'with parts inside one another';
  if (doubtfulM2 > Math.max(1e-6 * united.areaM2, Math.min(1, 0.01 * united.areaM2))) {
    const areaM2 = doubtfulM2.toFixed(doubtfulM2 < 10 ? 2 : 0);
    desk.refuse(`crosses or overlaps itself ${place}, which leaves ${areaM2} m² in doubt; wanted a simple outline`);
  }
  desk.note(`its outline crossed itself ${place}; ${doubtfulM2.toFixed(3)} m² were counted once`);
  return united.polygons;
}

function lengthM(ring: readonly Position[]): number {
  let length = 0;
  for (let i = 1; i < ring.length; i++) {
    const east = (ring[i][0] - ring[i - 1][0]) * Math.cos((ring[i][1] * Math.PI) / 180);
    length += 111_320 * Math.hypot(east, ring[i][1] - ring[i - 1][1]);
  }
  return length;
}

/** Roughly, and of straight lon/lat edges: points on one parallel enclose nothing here, shortest lines between them do. */
function flatAreaM2(ring: readonly Position[]): number {
  const [lon0, lat0] = ring[0];
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    twice += (ring[i - 1][0] - lon0) * (ring[i][1] - lat0) - (ring[i][0] - lon0) * (ring[i - 1][1] - lat0);
  }
  return (twice / 2) * 111_320 ** 2 * Math.cos((lat0 * Math.PI) / 180);
}
