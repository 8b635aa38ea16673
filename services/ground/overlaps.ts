import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { ValidVersion } from '../store/zone-versions.ts';
import { type ZoneUnder, zonesUnder } from '../store/zones-under.ts';
import type { PreparedPatch } from '../zones/overlay/prepared-patch.ts';
import { widened } from './widened.ts';
import { shapeOf } from './zone-shape.ts';

/** From this size on it pays to keep a zone's shape from patch to patch. */
const LARGE_BYTES = 4096;

/** A zone at a patch. */
export interface Touching extends ZoneUnder {
  /** m² of the patch that lie in it; 0 where it is only near. */
  insideM2: number;
}

/**
 * The zones at each of many patches, in their order, those within about `nearM` metres of a patch's box among them;
 * asked of the store some thousand patches at a time.
 */
export async function* overlapsOf(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  patches: readonly PreparedPatch[],
  nearM = 0,
): AsyncGenerator<Touching[]> {
  const boxes = patches.map(({ box }) => (nearM > 0 ? widened(box, nearM) : box));
  let i = 0;
  for await (const zones of zonesUnder(db, valid, boxes)) {
    const patch = patches[i++];
    yield zones.map((zone) => ({
      ...zone,
      insideM2:
        zone.geometry.byteLength < LARGE_BYTES ? patch.areaInsideWkb(zone.geometry) : patch.areaInside(shapeOf(zone)),
    }));
  }
}
