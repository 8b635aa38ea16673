import { ServiceError } from '../error.ts';
import {
  difference,
  intersection,
  localPlane,
  type Plane,
  type PlanePaths,
  pathsAreaM2,
  toPaths,
  toPolygons,
  unionOf,
} from '../zones/geometry/clipper.ts';
import type { ZoneGeometry } from '../zones/geometry/zone-geometry.ts';
import { boxOf, prepareShape } from '../zones/overlay/shape-patch.ts';
import { sideOf } from './side.ts';

/** Cutting a patch's outline into pieces, and making one outline of several; pure. */

/** What lies on a border is drawn twice and meets to a hair: this share of a patch, and never less than this, is made good. */
const TOLERANCE = { share: 1e-3, leastM2: 0.5 };
/** Smaller pieces are slips of the hand. */
const LEAST_PIECE_M2 = 1;

/** How much outlines may differ by in a patch of this size, m². */
export function toleranceM2(areaM2: number): number {
  return Math.max(TOLERANCE.leastM2, TOLERANCE.share * areaM2);
}

/**
 * The pieces that drawn parts cut out of an outline, in their order. What sticks out of it is cut off. One part alone
 * leaves the rest as the other piece; several must cover the outline and lie apart, but for the tolerance: there the
 * earlier part has what two share, and the last what none covers.
 * @throws ServiceError bad-input, saying how much
 */
export function cutByParts(outline: ZoneGeometry, parts: readonly ZoneGeometry[]): ZoneGeometry[] {
  const plane = localPlane(boxOf(outline));
  const whole = toPaths(outline, plane);
  let [rest, sharedM2] = [whole, 0];
  const pieces: PlanePaths[] = [];
  for (const part of parts) {
    const inside = intersection(whole, toPaths(part, plane));
    const piece = intersection(rest, inside);
    sharedM2 += pathsAreaM2(inside, plane) - pathsAreaM2(piece, plane);
    pieces.push(piece);
    rest = difference(rest, inside);
  }
  const leftM2 = pathsAreaM2(rest, plane);
  const most = toleranceM2(pathsAreaM2(whole, plane));
  if (parts.length === 1) pieces.push(rest);
  else if (leftM2 > most || sharedM2 > most) {
    const got = `${leftM2.toFixed(2)} m² of it are in no part and ${sharedM2.toFixed(2)} m² in several`;
    throw new ServiceError('bad-input', `The parts of a patch cover it once, but for ${most.toFixed(2)} m²; ${got}.`);
  } else if (leftM2 > 0) pieces.push(unionOf([pieces.pop()!, rest]));
  return polygonsOf(pieces, plane, 'part');
}

/**
 * The pieces that lines cut an outline into. Each line is followed straight on at its ends, and divides every piece it
 * crosses into what lies left and right of it.
 * @throws ServiceError bad-input where a line cuts nothing
 */
export function cutByLines(outline: ZoneGeometry, lines: readonly Float64Array[]): ZoneGeometry[] {
  // The plane must hold the lines as they are, however far they reach.
  const plane = localPlane(boxOf({ kind: 'line', parts: [...outline.parts, ...lines.map((line) => [line])] }));
  let pieces: PlanePaths[] = [toPaths(outline, plane)];
  lines.forEach((line, n) => {
    const side = sideOf(line, plane);
    const halves = (piece: PlanePaths) => {
      const two = [intersection(piece, side), difference(piece, side)];
      return two.every((half) => pathsAreaM2(half, plane) >= LEAST_PIECE_M2) ? two : [piece];
    };
    const cut = pieces.flatMap(halves);
    if (cut.length === pieces.length) {
      throw new ServiceError('bad-input', `The cutting line ${n + 1} must run across the patch; it cuts nothing off.`);
    }
    pieces = cut;
  });
  return polygonsOf(pieces, plane, 'piece');
}

/** One outline of what any of the outlines covers; they may lie apart. */
export function united(outlines: readonly ZoneGeometry[]): ZoneGeometry {
  const plane = localPlane(boxOf({ kind: 'polygon', parts: outlines.flatMap(({ parts }) => parts) }));
  return toPolygons(unionOf(outlines.map((outline) => toPaths(outline, plane))), plane)!;
}

function polygonsOf(pieces: readonly PlanePaths[], plane: Plane, what: string): ZoneGeometry[] {
  return pieces.map((paths, n) => {
    const geometry = toPolygons(paths, plane);
    const areaM2 = geometry === null ? 0 : prepareShape(geometry).totalM2;
    if (geometry !== null && areaM2 >= LEAST_PIECE_M2) return geometry;
    const got = `the ${what} ${n + 1} has ${areaM2.toFixed(2)} m² of the patch`;
    throw new ServiceError('bad-input', `A piece has at least ${LEAST_PIECE_M2} m²; ${got}.`);
  });
}
