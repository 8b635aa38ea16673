import type { Kysely } from 'kysely';
import type { FieldValue } from '../zones/layer-files/layer-file.ts';
import type { Database } from './schema.ts';

export type ZoneProperties = Record<string, FieldValue>;

/** The attributes of some zones as imported, by their number. */
export async function zoneProperties(
  db: Kysely<Database>,
  ids: readonly number[],
): Promise<Map<number, ZoneProperties>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('zones').select(['id', 'propertiesJson']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, propertiesJson }) => [id, JSON.parse(propertiesJson) as ZoneProperties]));
}
