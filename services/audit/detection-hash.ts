import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { canonicalJson } from '../canonical-json.ts';
import { type DetectionRow, findDetection } from '../store/detections.ts';
import type { Database } from '../store/schema.ts';

/** Of what the hash is made: named one by one, so that a column that is added one day changes no hash of before. */
const COLUMNS = [
  'id',
  'runId',
  'placeId',
  'month',
  'district',
  'areaM2',
  'score',
  'type',
  'typeConfidence',
  'screening',
  'beforeDate',
  'afterDate',
  'observedFraction',
  'evidenceJson',
  'geometryJson',
  'minLon',
  'minLat',
  'maxLon',
  'maxLat',
] as const satisfies readonly (keyof DetectionRow)[];

/** sha256 (hex) of a detection as it is stored, whole: pixels, outline, figures and where it belongs. */
export function detectionHash(row: DetectionRow): string {
  const content = Object.fromEntries(COLUMNS.map((name) => [name, row[name]]));
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** The same of the stored one; undefined where there is none. */
export async function storedDetectionHash(db: Kysely<Database>, id: string): Promise<string | undefined> {
  const row = await findDetection(db, id);
  return row === null ? undefined : detectionHash(row);
}
