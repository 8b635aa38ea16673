import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** Patches with the detection they stand for, in order of number. `district`: code prefix, '' = all. */
export async function patchesWithDetections(db: Kysely<Database>, district: string) {
  return db
    .selectFrom('patches')
    .innerJoin('detections', 'detections.id', 'patches.detectionId')
    .select([
      ...(['patches.id', 'patches.number', 'patches.month', 'patches.district', 'patches.type'] as const),
      ...(['patches.areaM2', 'patches.score', 'patches.placeId', 'patches.detectionId'] as const),
      ...(['detections.typeConfidence', 'detections.beforeDate', 'detections.afterDate'] as const),
      ...(['detections.observedFraction', 'detections.evidenceJson', 'detections.geometryJson'] as const),
    ])
    .where('patches.district', '>=', district)
    .where('patches.district', '<', `${district}\uffff`)
    .orderBy('patches.number')
    .execute();
}
