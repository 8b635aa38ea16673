import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { PatchRow } from './patches.ts';
import type { Database } from './schema.ts';
import type { WatchVerdictTable } from './schema-watch.ts';

export type WatchVerdictRow = Selectable<WatchVerdictTable>;

/** A closed patch with what its detection saw. */
export type ClosedPatch = PatchRow & { evidenceJson: string };

const PAGE = 500;

/** Patches in any of these states, a page at a time, in order of number; of some months or one patch where given. */
export async function* closedPatches(
  db: Kysely<Database>,
  states: readonly string[],
  patchIds?: readonly string[],
): AsyncGenerator<ClosedPatch[]> {
  for (let after = ''; ; ) {
    let query = db
      .selectFrom('patches')
      .innerJoin('detections', 'detections.id', 'patches.detectionId')
      .selectAll('patches')
      .select('detections.evidenceJson')
      .where('patches.state', 'in', states)
      .where('patches.number', '>', after);
    if (patchIds !== undefined) query = query.where('patches.id', 'in', patchIds);
    const page = await query.orderBy('patches.number').limit(PAGE).execute();
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page[page.length - 1].number;
  }
}

export async function countPatches(db: Kysely<Database>, states: readonly string[]): Promise<number> {
  const count = db.selectFrom('patches').select(({ fn }) => fn.countAll().as('count'));
  return Number((await count.where('state', 'in', states).executeTakeFirstOrThrow()).count);
}

/** Adds a verdict; one that is there already stays. Returns whether it is new. */
export async function addVerdict(db: Kysely<Database>, verdict: Insertable<WatchVerdictTable>): Promise<boolean> {
  const known = await db.selectFrom('watch_verdicts').select('id').where('id', '=', verdict.id).executeTakeFirst();
  if (known) return false;
  await insertRows(db, 'watch_verdicts', [verdict]);
  return true;
}

/** All verdicts on a patch, oldest first. */
export async function verdictsOfPatch(db: Kysely<Database>, patchId: string): Promise<WatchVerdictRow[]> {
  return db.selectFrom('watch_verdicts').selectAll().where('patchId', '=', patchId).orderBy('seq').execute();
}

export interface VerdictFilter {
  /** Month of the images. */
  month?: string | undefined;
  /** District code or its first digits. */
  district?: string | undefined;
}

/** Verdicts with the number and state of their patches, in order of month, number and age. */
export async function listVerdicts(
  db: Kysely<Database>,
  { month, district }: VerdictFilter,
): Promise<(WatchVerdictRow & { number: string; state: string })[]> {
  let query = db
    .selectFrom('watch_verdicts')
    .innerJoin('patches', 'patches.id', 'watch_verdicts.patchId')
    .selectAll('watch_verdicts')
    .select(['patches.number', 'patches.state']);
  if (month !== undefined) query = query.where('watch_verdicts.month', '=', month);
  if (district) {
    query = query
      .where('watch_verdicts.district', '>=', district)
      .where('watch_verdicts.district', '<', `${district}\uffff`);
  }
  return query.orderBy('watch_verdicts.month').orderBy('patches.number').orderBy('watch_verdicts.seq').execute();
}

/** Those of the scenes that are withdrawn. */
export async function withdrawnScenes(db: Kysely<Database>): Promise<Set<string>> {
  const rows = await db.selectFrom('scenes').select('id').where('removedAt', 'is not', null).execute();
  return new Set(rows.map(({ id }) => id));
}

/** Whether a verdict or a late scene's effect with this id is about the patch. */
export async function knowsWatchEvidence(db: Kysely<Database>, patchId: string, id: string): Promise<boolean> {
  const verdict = db.selectFrom('watch_verdicts').select('seq').where('id', '=', id).where('patchId', '=', patchId);
  if (await verdict.executeTakeFirst()) return true;
  const effect = db.selectFrom('late_effects').select('seq').where('lateId', '=', id).where('patchId', '=', patchId);
  return (await effect.executeTakeFirst()) !== undefined;
}
