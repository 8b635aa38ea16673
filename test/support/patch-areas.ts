import { geometryAreaM2 } from '../../imagery/ellipsoid.ts';
import type { Patches } from './found-changes.ts';

/** The largest share by which a patch's stated area differs from that of its outline on the ellipsoid. */
export function largestAreaError({ features }: Patches): number {
  const errors = features.map(({ geometry, properties }) => properties!.areaM2 / geometryAreaM2(geometry) - 1);
  return Math.max(0, ...errors.map(Math.abs));
}
