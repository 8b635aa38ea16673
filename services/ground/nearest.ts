import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { ValidVersion } from '../store/zone-versions.ts';
import { zonesUnder } from '../store/zones-under.ts';
import { fromWkb } from '../zones/geometry/wkb.ts';
import { distanceM } from '../zones/overlay/distance.ts';
import type { ChangedPlace } from './changed-place.ts';
import { widened } from './widened.ts';

/** Looked for in wider and wider boxes: most patches lie near a road, and all parcels within 5 km are tens of thousands. */
const REACHES_M = [200, 1000, 5000];

/** Metres from each patch to the nearest zone of a layer, 0 = it touches one; null = none within 5 km, or no such layer. */
export async function nearestOf(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  layer: string,
  places: readonly ChangedPlace[],
): Promise<(number | null)[]> {
  const found: (number | null)[] = places.map(() => null);
  const versions = valid.filter(({ version }) => version.name === layer);
  if (versions.length === 0) return found;
  for (const reach of REACHES_M) {
    const open = places.flatMap((place, i) => (found[i] === null ? [{ place, i }] : []));
    const boxes = open.map(({ place }) => widened(place.patch.box, reach));
    let k = 0;
    for await (const zones of zonesUnder(db, versions, boxes)) {
      const { place, i } = open[k++];
      for (const { geometry } of zones) {
        // Beyond what was found already nothing is of interest.
        const distance = distanceM(place.patch, fromWkb(geometry), Math.min(found[i] ?? reach, reach));
        if (distance !== null && distance <= reach) found[i] = Math.min(found[i] ?? Infinity, distance);
      }
    }
  }
  return found;
}
