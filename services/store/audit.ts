import type { Insertable, Kysely, Selectable } from 'kysely';
import type { CaseRow } from './cases.ts';
import type { DetectionRow } from './detections.ts';
import type { PatchRow } from './patches.ts';
import type { Database } from './schema.ts';
import type { AnchorTable } from './schema-audit.ts';

/** What verification reads: tables from end to end, in pages. */

export type ChainedEventRow = Selectable<Database['events']>;
export type AnchorRow = Selectable<AnchorTable>;

/** The last event of those before `seq`, and how many there are; null where there is none. */
export async function headBefore(
  db: Kysely<Database>,
  seq: number,
): Promise<{ seq: number; hash: string; count: number } | null> {
  const before = db.selectFrom('events').where('seq', '<', seq);
  const last = await before.select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  if (last === undefined) return null;
  // Counted up to that event: what is appended meanwhile is not of this head.
  const upTo = db.selectFrom('events').where('seq', '<=', last.seq);
  const { count } = await upTo.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return { ...last, count: Number(count) };
}

export async function countEvents(db: Kysely<Database>, after: number): Promise<number> {
  const query = db.selectFrom('events').where('seq', '>', after);
  const { count } = await query.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return Number(count);
}

/** At most `limit` events after `seq`, with the columns of the chain. */
export async function chainedEvents(db: Kysely<Database>, seq: number, limit: number): Promise<ChainedEventRow[]> {
  return db.selectFrom('events').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute();
}

export async function addAnchor(db: Kysely<Database>, anchor: Insertable<AnchorTable>): Promise<void> {
  await db.insertInto('audit_anchors').values(anchor).execute();
}

/** In the order they were set. */
export async function listAnchors(db: Kysely<Database>): Promise<AnchorRow[]> {
  return db.selectFrom('audit_anchors').selectAll().orderBy('id').execute();
}

/** What a patch's events are held against. */
export type ProjectedPatch = Pick<PatchRow, 'id' | 'state' | 'version' | 'dueAt' | 'updatedAt' | 'detectionId'>;
const PATCH_COLUMNS = ['id', 'state', 'version', 'dueAt', 'updatedAt', 'detectionId'] as const;

export async function projectedPatches(db: Kysely<Database>, after: string, limit: number): Promise<ProjectedPatch[]> {
  return db.selectFrom('patches').select(PATCH_COLUMNS).where('id', '>', after).orderBy('id').limit(limit).execute();
}

export type ProjectedCase = Pick<CaseRow, 'id' | 'state' | 'version' | 'updatedAt' | 'title'>;
const CASE_COLUMNS = ['id', 'state', 'version', 'updatedAt', 'title'] as const;

export async function projectedCases(db: Kysely<Database>, after: string, limit: number): Promise<ProjectedCase[]> {
  return db.selectFrom('cases').select(CASE_COLUMNS).where('id', '>', after).orderBy('id').limit(limit).execute();
}

export async function countDetections(db: Kysely<Database>): Promise<number> {
  const query = db.selectFrom('detections').select((eb) => eb.fn.countAll<number>().as('count'));
  return Number((await query.executeTakeFirstOrThrow()).count);
}

/** What a detection's id is the hash of. */
export type HashedDetection = Pick<DetectionRow, 'id' | 'month' | 'placeId' | 'screening' | 'evidenceJson'>;

export async function hashedDetections(db: Kysely<Database>, after: string, limit: number): Promise<DetectionRow[]> {
  const query = db.selectFrom('detections').selectAll().where('id', '>', after);
  return query.orderBy('id').limit(limit).execute();
}
