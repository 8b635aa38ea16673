import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

const PAGE = 2000;

/** Zones that no district is known for, the next few after a number, in order of it. */
export async function zonesWithoutDistrict(
  db: Kysely<Database>,
  after: number,
): Promise<{ id: number; propertiesJson: string; geometry: Uint8Array }[]> {
  return db
    .selectFrom('zones')
    .select(['id', 'propertiesJson', 'geometry'])
    .where('district', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(PAGE)
    .execute();
}

export async function setZoneDistrict(db: Kysely<Database>, id: number, district: string): Promise<void> {
  await db.updateTable('zones').set({ district }).where('id', '=', id).execute();
}
