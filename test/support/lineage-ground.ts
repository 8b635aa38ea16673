import type { Polygon } from 'geojson';
import type { Store } from '../../services/store/open.ts';
import { fromGeoJson } from '../../services/zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../../services/zones/geometry/zone-geometry.ts';
import { prepareShape } from '../../services/zones/overlay/shape-patch.ts';
import { type PatchSeed, plantPatch } from './patches.ts';

/** Degrees of about 10 m. */
export const STEP = 1e-4;
const [LON, LAT] = [112.5, 26.9];

/** A rectangle on a lattice of about 10 m, x to the east and y to the north. */
export function rectangle(x: number, y: number, width: number, height: number): Polygon {
  const at = (i: number, j: number) => [LON + i * STEP, LAT + j * STEP];
  const corners = [at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height), at(x, y)];
  return { type: 'Polygon', coordinates: [corners] };
}

export function part(x: number, y: number, width: number, height: number): ZoneGeometry {
  return fromGeoJson(rectangle(x, y, width, height));
}

/** A line through points of the lattice, as cutting lines are. */
export function line(...points: [x: number, y: number][]): Float64Array {
  return Float64Array.from(points.flatMap(([x, y]) => [LON + x * STEP, LAT + y * STEP]));
}

/** A patch with this rectangle as outline, and its area. */
export async function plantRectangle(
  store: Store,
  [x, y, width, height]: [x: number, y: number, width: number, height: number],
  seed: PatchSeed = {},
): Promise<string> {
  const outline = rectangle(x, y, width, height);
  const areaM2 = prepareShape(fromGeoJson(outline)).totalM2;
  return plantPatch(store, { areaM2, geometryJson: JSON.stringify(outline), ...seed });
}
