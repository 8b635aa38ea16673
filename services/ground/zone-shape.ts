import type { ZoneUnder } from '../store/zones-under.ts';
import { fromWkb } from '../zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../zones/geometry/zone-geometry.ts';

/** A big zone lies under many patches: its shape is read out of its bytes once, and what is found out about it stays with it. */
const shapes = new WeakMap<Uint8Array, ZoneGeometry>();

export function shapeOf({ geometry }: Pick<ZoneUnder, 'geometry'>): ZoneGeometry {
  const known = shapes.get(geometry);
  if (known) return known;
  const shape = fromWkb(geometry);
  shapes.set(geometry, shape);
  return shape;
}
