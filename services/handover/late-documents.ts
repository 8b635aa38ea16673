import type { MultiPolygon, Polygon } from 'geojson';
import type { Kysely } from 'kysely';
import type { LateDocument } from '../ground/changed-place.ts';
import type { InstrumentFact } from '../legality/facts.ts';
import { documentsOfPatches } from '../store/handovers.ts';
import type { Database } from '../store/schema.ts';
import { fromGeoJson } from '../zones/geometry/wkb.ts';

/** What is kept of a late document: all that it is judged by. */
export interface DocumentFact {
  instrument: InstrumentFact;
  /** GeoJSON, lon/lat; 'whole': all of the patch. */
  over: 'whole' | Polygon | MultiPolygon;
}

/** The documents that came in for patches, by patch, oldest first: they stand in no layer. */
export async function lateDocuments(
  db: Kysely<Database>,
  patchIds: readonly string[],
): Promise<Map<string, LateDocument[]>> {
  const found = new Map<string, LateDocument[]>();
  for (const { subjectId, factJson } of await documentsOfPatches(db, patchIds)) {
    const document = lateDocument(JSON.parse(factJson ?? 'null') as DocumentFact);
    found.set(subjectId, [...(found.get(subjectId) ?? []), document]);
  }
  return found;
}

export function lateDocument({ instrument, over }: DocumentFact): LateDocument {
  return { fact: instrument, over: over === 'whole' ? over : fromGeoJson(over) };
}
