import { type Kysely, sql } from 'kysely';

/**
 * All that a map seen from far away asks of patches, in one index: counting a whole prefecture's reads no row of the
 * table itself.
 */
export async function indexPatchPlaces(db: Kysely<never>): Promise<void> {
  await sql`create index patches_by_place on patches
    ("district", "month", "state", "type", "areaM2", "dueAt", "minLon", "maxLon", "minLat", "maxLat")`.execute(db);
}
