import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { Database } from './schema.ts';
import type { PlaceLinkTable } from './schema-lineage.ts';

export type PlaceLink = Selectable<PlaceLinkTable>;

/** A detection is linked to a patch once: another run that sees the same leaves it as it is. */
export async function insertPlaceLinks(db: Kysely<Database>, links: readonly Insertable<PlaceLinkTable>[]) {
  await insertRows(db, 'place_links', links, { skipKnown: true });
}

export type SeenAgain = Pick<PlaceLink, 'detectionId' | 'relation' | 'effect' | 'sharedM2' | 'beyondM2' | 'at'> & {
  month: string;
  type: string;
  areaM2: number;
  beforeDate: string;
  afterDate: string;
  /** The other patches that the same detection touches: candidates for a merge. */
  alsoAt: { id: string; number: string }[];
};

/** The detections that were linked to a patch, oldest first. */
export async function seenAgain(db: Kysely<Database>, patchId: string): Promise<SeenAgain[]> {
  const rows = await db
    .selectFrom('place_links')
    .innerJoin('detections', 'detections.id', 'place_links.detectionId')
    .select(['detectionId', 'relation', 'effect', 'sharedM2', 'beyondM2', 'at', 'detections.month', 'type'])
    .select(['detections.areaM2', 'beforeDate', 'afterDate'])
    .where('patchId', '=', patchId)
    .orderBy('at')
    .orderBy('detectionId')
    .execute();
  if (rows.length === 0) return [];
  const ids = rows.map(({ detectionId }) => detectionId);
  const others = await db
    .selectFrom('place_links')
    .innerJoin('patches', 'patches.id', 'place_links.patchId')
    .select(['place_links.detectionId', 'patches.id', 'patches.number'])
    .where('place_links.detectionId', 'in', ids)
    .where('patchId', '!=', patchId)
    .orderBy('patches.number')
    .execute();
  const byDetection = Map.groupBy(others, ({ detectionId }) => detectionId);
  return rows.map((row) => ({
    ...row,
    alsoAt: (byDetection.get(row.detectionId) ?? []).map(({ id, number }) => ({ id, number })),
  }));
}

/** Outlines (GeoJSON text) of the detections that were seen to go beyond each of the patches. */
export async function grownOutlines(db: Kysely<Database>, patchIds: readonly string[]): Promise<Map<string, string[]>> {
  if (patchIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('place_links')
    .innerJoin('detections', 'detections.id', 'place_links.detectionId')
    .select(['patchId', 'geometryJson'])
    .where('patchId', 'in', patchIds)
    .where('relation', '=', 'grows')
    .orderBy('at')
    .orderBy('detectionId')
    .execute();
  const outlines = Map.groupBy(rows, ({ patchId }) => patchId);
  return new Map([...outlines].map(([id, links]) => [id, links.map(({ geometryJson }) => geometryJson)]));
}
