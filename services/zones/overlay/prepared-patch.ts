import type { LonLatBox } from '../../../imagery/grid.ts';
import type { Plane, PlanePaths } from '../geometry/clipper.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';

/** A patch made ready to be laid over many zones. All areas are m² on the ellipsoid and measured alike: parts of it add up to it. */
export interface PreparedPatch {
  /** THE area of the patch. */
  readonly totalM2: number;
  /** Round the patch. What shares no ground with it shares none with the patch. */
  readonly box: LonLatBox;
  /** How much of the patch lies in a zone: 0 .. totalM2. Lines have no area. */
  areaInside(geometry: ZoneGeometry): number;
  /** The same of a zone as layers are kept: little-endian OGC WKB of lon/lat, without decoding it first. */
  areaInsideWkb(bytes: Uint8Array): number;
  /** The zone's rings, cut off a little outside the box, for paths that do not carry a whole district along. */
  nearby(geometry: ZoneGeometry): ZoneGeometry;
  /** The plane over the patch in which its shapes are cut. */
  readonly plane: Plane;
  /** What is cut up: the patch, or a box round it where areaOfPaths() sees to the patch itself. */
  frame(): PlanePaths;
  /** How much of the patch lies in paths inside the frame. */
  areaOfPaths(paths: PlanePaths): number;
  /** Its border. */
  outline(): ZoneGeometry;
}

/** Shares of a patch below this are the rounding of the sum, not ground. */
export const ROUNDING = 1e-9;

/** An area that rounding cannot push below nothing or beyond the patch. */
export function withinPatch(areaM2: number, totalM2: number): number {
  return areaM2 > ROUNDING * totalM2 ? Math.min(areaM2, totalM2) : 0;
}
