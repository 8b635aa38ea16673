import type { MultiPolygon, Polygon } from 'geojson';
import type { Kysely } from 'kysely';
import { ServiceError } from '../error.ts';
import { outlinesOfPatches } from '../store/outlines.ts';
import type { Database } from '../store/schema.ts';

/**
 * THE outline of a patch, lon/lat: that of the detection it was opened with. A piece or a merged patch has one of its
 * own, kept like a detection, so that lists, maps, exports and bundles all read the same. No later run changes it.
 * @throws ServiceError not-found
 */
export async function geometryOfPatch(db: Kysely<Database>, patchId: string): Promise<Polygon | MultiPolygon> {
  const outline = (await outlinesOfPatches(db, [patchId])).get(patchId);
  if (outline === undefined) throw new ServiceError('not-found', `There is no patch ${patchId}.`);
  return JSON.parse(outline) as Polygon | MultiPolygon;
}
