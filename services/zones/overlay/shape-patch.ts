import { pathAreaM2 } from '../../../imagery/ellipsoid.ts';
import type { LonLatBox } from '../../../imagery/grid.ts';
import { ServiceError } from '../../error.ts';
import { intersection, localPlane, type Plane, type PlanePaths, toPaths } from '../geometry/clipper.ts';
import { fromWkb } from '../geometry/wkb.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import { BoxedRing } from './boxed-ring.ts';
import { nearbyRings, ringOfPath } from './frame.ts';
import { type PreparedPatch, withinPatch } from './prepared-patch.ts';

/**
 * Longest edge, about 20 m, between which and the shortest line on the ground nothing lies that counts: 5e-5 m². What
 * is cut up is cut along lines that are straight in lon/lat, and parts that meet there must agree where that is.
 */
const PIECE_DEGREES = 2e-4;

/** How far zones are followed beyond the patch's box, of its size. */
const MARGIN = 0.01;

const boxed = new BoxedRing();

/**
 * A patch whose outline a person has drawn made ready for zones. Its area is geometryAreaM2's of the outline; its
 * parts are measured along lines straight in lon/lat and brought to that total (2e-6 of it for edges of 100 m).
 * @throws ServiceError bad-input where the shape has no area
 */
export function prepareShape(geometry: ZoneGeometry): PreparedPatch {
  return new ShapePatch(geometry);
}

class ShapePatch implements PreparedPatch {
  readonly totalM2: number;
  readonly box: LonLatBox;
  readonly plane: Plane;
  readonly #geometry: ZoneGeometry;
  readonly #room: LonLatBox;
  readonly #paths: PlanePaths;
  /** What an area measured in parts is multiplied by. */
  readonly #scale: number;

  constructor(geometry: ZoneGeometry) {
    this.#geometry = geometry;
    this.totalM2 = geometry.kind === 'polygon' ? wholeAreaM2(geometry) : 0;
    if (!(this.totalM2 > 0))
      throw new ServiceError('bad-input', 'A patch is a polygon with an area, but this is none.');
    this.box = boxOf(geometry);
    const { minLon, minLat, maxLon, maxLat } = this.box;
    const [east, north] = [MARGIN * (maxLon - minLon), MARGIN * (maxLat - minLat)];
    this.#room = { minLon: minLon - east, minLat: minLat - north, maxLon: maxLon + east, maxLat: maxLat + north };
    this.plane = localPlane(this.#room);
    this.#paths = toPaths(geometry, this.plane);
    this.#scale = this.totalM2 / this.#measured(this.#paths);
  }

  areaInside(geometry: ZoneGeometry): number {
    const near = this.nearby(geometry);
    if (near.parts.length === 0) return 0;
    return this.areaOfPaths(intersection(this.#paths, toPaths(near, this.plane)));
  }

  areaInsideWkb(bytes: Uint8Array): number {
    return this.areaInside(fromWkb(bytes));
  }

  nearby(geometry: ZoneGeometry): ZoneGeometry {
    return nearbyRings(geometry, this.#room, boxed);
  }

  frame(): PlanePaths {
    return this.#paths;
  }

  areaOfPaths(paths: PlanePaths): number {
    return withinPatch(this.#scale * this.#measured(paths), this.totalM2);
  }

  outline(): ZoneGeometry {
    return this.#geometry;
  }

  #measured(paths: PlanePaths): number {
    return Math.abs(paths.reduce((sum, path) => sum + pathAreaM2(inShortPieces(ringOfPath(path, this.plane))), 0));
  }
}

function wholeAreaM2({ parts }: ZoneGeometry): number {
  let area = 0;
  for (const rings of parts) {
    rings.forEach((ring, r) => {
      const enclosed = Math.abs(pathAreaM2(ring));
      area += r === 0 ? enclosed : -enclosed;
    });
  }
  return area;
}

function inShortPieces(ring: Float64Array): Float64Array {
  const points: number[] = [ring[0], ring[1]];
  for (let i = 2; i < ring.length; i += 2) {
    const [ax, ay, bx, by] = [ring[i - 2], ring[i - 1], ring[i], ring[i + 1]];
    const pieces = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / PIECE_DEGREES));
    for (let k = 1; k <= pieces; k++) points.push(ax + (k / pieces) * (bx - ax), ay + (k / pieces) * (by - ay));
  }
  return Float64Array.from(points);
}

/** Round all that a zone is drawn with. */
export function boxOf({ parts }: ZoneGeometry): LonLatBox {
  const box = { minLon: Infinity, minLat: Infinity, maxLon: -Infinity, maxLat: -Infinity };
  for (const ring of parts.flat()) {
    for (let i = 0; i < ring.length; i += 2) {
      box.minLon = Math.min(box.minLon, ring[i]);
      box.maxLon = Math.max(box.maxLon, ring[i]);
      box.minLat = Math.min(box.minLat, ring[i + 1]);
      box.maxLat = Math.max(box.maxLat, ring[i + 1]);
    }
  }
  return box;
}
