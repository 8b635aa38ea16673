import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import { type MetricPlane, metricPlane } from './metric-plane.ts';
import type { PreparedPatch } from './prepared-patch.ts';
import { Segments } from './segments.ts';

/** Beyond this nobody asks. */
const LIMIT_M = 5000;

/** An edge longer than this is halved: straight in lon/lat, it bows by less than a millimetre in the plane. */
const PIECE_M = 250;

/** Bow of an edge of s metres in the plane is at most this times s²: tan φ / 8R at 54°. */
const BOW = 3e-8;

/** The border of a patch in the plane round it, for as long as the patch lives. */
interface Surroundings {
  plane: MetricPlane;
  border: Segments;
}

const known = new WeakMap<PreparedPatch, Surroundings>();
const point = new Float64Array(2);

/**
 * Metres on the ground from a patch to a zone, polygons or lines: 0 where it touches it or lies inside, null where no
 * part of the zone is within the limit. Good to 1e-3 of the distance.
 */
export function distanceM(patch: PreparedPatch, geometry: ZoneGeometry, limitM = LIMIT_M): number | null {
  if (geometry.kind === 'polygon' && patch.areaInside(geometry) > 0) return 0;
  const surroundings = surroundingsOf(patch);
  // What lies exactly at the limit is within it.
  let best = limitM * (1 + Number.EPSILON);
  for (const path of geometry.parts.flat()) {
    best = pathDistance(surroundings, path, best);
    if (best === 0) return 0;
  }
  return best <= limitM ? best : null;
}

function surroundingsOf(patch: PreparedPatch): Surroundings {
  const old = known.get(patch);
  if (old) return old;
  const plane = metricPlane(patch.box);
  const rings = patch.outline().parts.flat();
  const border = new Segments(rings.map((ring) => placed(ring, plane)));
  const surroundings = { plane, border };
  known.set(patch, surroundings);
  return surroundings;
}

function placed(ring: Float64Array, plane: MetricPlane): Float64Array {
  const flat = new Float64Array(ring.length);
  for (let i = 0; i < ring.length; i += 2) plane.place(ring[i], ring[i + 1], flat, i);
  return flat;
}

function pathDistance({ plane, border }: Surroundings, path: Float64Array, limit: number): number {
  let best = limit;
  plane.place(path[0], path[1], point, 0);
  let [ax, ay] = point;
  // A line that meets no border lies inside or outside as a whole.
  if (border.atLeast(ax, ay, ax, ay) === 0 && border.surround(ax, ay)) return 0;
  for (let i = 2; i < path.length && best > 0; i += 2) {
    plane.place(path[i], path[i + 1], point, 0);
    const [bx, by] = point;
    best = edgeDistance(border, plane, [path[i - 2], path[i - 1], path[i], path[i + 1]], [ax, ay, bx, by], best);
    [ax, ay] = [bx, by];
  }
  return best;
}

type Edge = readonly [ax: number, ay: number, bx: number, by: number];

/** Of an edge given in lon/lat and in the plane. */
function edgeDistance(border: Segments, plane: MetricPlane, edge: Edge, flat: Edge, limit: number): number {
  const [ax, ay, bx, by] = flat;
  const square = (bx - ax) ** 2 + (by - ay) ** 2;
  if (border.atLeast(ax, ay, bx, by) - BOW * square >= limit) return limit;
  if (square <= PIECE_M ** 2) return border.distance(ax, ay, bx, by, limit);
  const lon = (edge[0] + edge[2]) / 2;
  const lat = (edge[1] + edge[3]) / 2;
  plane.place(lon, lat, point, 0);
  const [mx, my] = point;
  const best = edgeDistance(border, plane, [edge[0], edge[1], lon, lat], [ax, ay, mx, my], limit);
  return edgeDistance(border, plane, [lon, lat, edge[2], edge[3]], [mx, my, bx, by], best);
}
