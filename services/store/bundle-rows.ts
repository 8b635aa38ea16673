import type { Kysely } from 'kysely';
import type { ChainedEventRow } from './audit.ts';
import type { Database, EventTable } from './schema.ts';

/** What an evidence bundle asks of the store beside what others ask. */

/** The history of one patch or case with what chains it, oldest first. */
export async function chainedEventsOf(
  db: Kysely<Database>,
  subject: EventTable['subject'],
  subjectId: string,
): Promise<ChainedEventRow[]> {
  const query = db.selectFrom('events').selectAll().where('subject', '=', subject).where('subjectId', '=', subjectId);
  return query.orderBy('seq').execute();
}

/** The version of a layer that each of these zones is of. */
export async function layersOfZones(
  db: Kysely<Database>,
  zoneIds: readonly number[],
): Promise<Map<number, { layerId: string; validFrom: string; sha256: string }>> {
  if (zoneIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('zones')
    .innerJoin('layers', 'layers.id', 'zones.layerId')
    .select(['zones.id', 'zones.layerId', 'layers.validFrom', 'layers.sha256'])
    .where('zones.id', 'in', zoneIds)
    .execute();
  return new Map(rows.map(({ id, layerId, validFrom, sha256 }) => [id, { layerId, validFrom, sha256 }]));
}

/** Outlines of zones as OGC WKB, lon/lat, by their number. */
export async function shapesOfZones(
  db: Kysely<Database>,
  zoneIds: readonly number[],
): Promise<{ id: number; layer: string; geometry: Uint8Array }[]> {
  if (zoneIds.length === 0) return [];
  return db
    .selectFrom('zones')
    .innerJoin('layers', 'layers.id', 'zones.layerId')
    .select(['zones.id', 'layers.name as layer', 'zones.geometry'])
    .where('zones.id', 'in', zoneIds)
    .orderBy('zones.id')
    .execute();
}

/** Ids of the patches that a case covers, in order. */
export async function patchesOfCase(db: Kysely<Database>, caseId: string): Promise<string[]> {
  const query = db.selectFrom('case_patches').select('patchId').where('caseId', '=', caseId);
  return (await query.orderBy('patchId').execute()).map(({ patchId }) => patchId);
}
