import type { Kysely } from 'kysely';
import { withoutUndone } from '../lifecycle/undone.ts';
import type { ResolvedFilter } from '../queue/filter.ts';
import { type QueueRow, queuePage } from './queue.ts';
import type { Database } from './schema.ts';

/** What an export asks of the store beyond a list of patches; each of at most some thousand patches at a time. */

/** SQLite takes some ten thousand parameters in a statement. */
export const PATCHES_PER_READ = 2000;

/** All patches of the filter, page by page in the order of lists. */
export async function* pagesOfQueue(db: Kysely<Database>, filter: ResolvedFilter): AsyncGenerator<QueueRow[]> {
  for (let after: QueueRow | null = null; ; ) {
    const page: QueueRow[] = await queuePage(db, filter, PATCHES_PER_READ, after);
    if (page.length > 0) yield page;
    if (page.length < PATCHES_PER_READ) return;
    after = page[page.length - 1];
  }
}

export interface PatchOverlapRow {
  patchId: string;
  layer: string;
  landClass: string | null;
  propertiesJson: string;
}

/** What of some layers lies under the patches, of each patch the largest first. */
export async function overlapsOfPatches(
  db: Kysely<Database>,
  patchIds: readonly string[],
  layers: readonly string[],
): Promise<PatchOverlapRow[]> {
  if (patchIds.length === 0) return [];
  return db
    .selectFrom('overlaps')
    .innerJoin('zones', 'zones.id', 'overlaps.zoneId')
    .select(['overlaps.patchId', 'overlaps.layer', 'zones.landClass', 'zones.propertiesJson'])
    .where('overlaps.patchId', 'in', patchIds)
    .where('overlaps.layer', 'in', layers)
    .where('overlaps.areaM2', '>', 0)
    .orderBy('overlaps.patchId')
    .orderBy('overlaps.areaM2', 'desc')
    .orderBy('overlaps.zoneId')
    .execute();
}

export interface ReasonRow {
  subjectId: string;
  action: string;
  fromState: string | null;
  /** A code of the list that the step takes its reasons from. */
  reason: string | null;
  payloadJson: string;
}

/** The step of each patch for which a reason was given last, by patch id. */
export async function lastReasons(db: Kysely<Database>, patchIds: readonly string[]): Promise<Map<string, ReasonRow>> {
  if (patchIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('events')
    .select(['id', 'subjectId', 'action', 'fromState', 'reason', 'payloadJson'])
    .where('subject', '=', 'patch')
    .where('subjectId', 'in', patchIds)
    .where((eb) => eb.or([eb('reason', 'is not', null), eb('action', '=', 'undo')]))
    // Why more time was wanted says nothing of the patch.
    .where('action', 'not in', ['request-extension', 'refuse-extension'])
    .orderBy('seq')
    .execute();
  return new Map(withoutUndone(rows).map((row) => [row.subjectId, row]));
}

export interface SeenRow {
  id: string;
  typeConfidence: number;
  observedFraction: number;
  /** GeoJSON along pixel edges, lon/lat. */
  geometryJson: string;
}

/** What the detector saw; never changes. */
export async function seenOf(db: Kysely<Database>, detectionIds: readonly string[]): Promise<Map<string, SeenRow>> {
  if (detectionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('detections')
    .select(['id', 'typeConfidence', 'observedFraction', 'geometryJson'])
    .where('id', 'in', detectionIds)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
