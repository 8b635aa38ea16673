import type { Kysely } from 'kysely';
import { lineageAround } from './lineage.ts';
import type { Database } from './schema.ts';

/** Who a piece of evidence may have been handed in for. */
export interface HandedInFor {
  patchIds: readonly string[];
  caseIds: readonly string[];
}

/** A patch, those it was cut out of or came into, those of the same place, and the cases over any of them. */
export async function kinOfPatch(db: Kysely<Database>, patchId: string): Promise<HandedInFor> {
  const known = new Set([patchId]);
  for (let size = 0; size < known.size; ) {
    size = known.size;
    const links = await lineageAround(db, [...known]);
    for (const { parentId, childId } of links) known.add(parentId).add(childId);
  }
  const samePlace = await db
    .selectFrom('patches')
    .select('id')
    .where('placeId', 'in', (eb) =>
      eb
        .selectFrom('patches')
        .select('placeId')
        .where('id', 'in', [...known]),
    )
    .execute();
  for (const { id } of samePlace) known.add(id);
  const patchIds = [...known];
  const cases = await db.selectFrom('case_patches').select('caseId').where('patchId', 'in', patchIds).execute();
  return { patchIds, caseIds: [...new Set(cases.map(({ caseId }) => caseId))] };
}

/** A case and the patches it covers. */
export async function kinOfCase(db: Kysely<Database>, caseId: string): Promise<HandedInFor> {
  const rows = await db.selectFrom('case_patches').select('patchId').where('caseId', '=', caseId).execute();
  return { patchIds: rows.map(({ patchId }) => patchId), caseIds: [caseId] };
}

/** Those of the ids that are on record for them: photos, papers that came in, papers drafted here, looks after closing. */
export async function knownEvidence(
  db: Kysely<Database>,
  { patchIds, caseIds }: HandedInFor,
  ids: readonly string[],
): Promise<Set<string>> {
  const subjects = [...patchIds, ...caseIds];
  if (ids.length === 0 || subjects.length === 0) return new Set();
  const of = (table: 'photos' | 'watch_verdicts', owners: readonly string[]) =>
    owners.length === 0
      ? []
      : db.selectFrom(table).select('id').where('id', 'in', ids).where('patchId', 'in', owners).execute();
  const papers = (table: 'case_papers' | 'papers') =>
    db.selectFrom(table).select('id').where('id', 'in', ids).where('subjectId', 'in', subjects).execute();
  const found = [
    ...(await of('photos', patchIds)),
    ...(await of('watch_verdicts', patchIds)),
    ...(await papers('case_papers')),
    ...(await papers('papers')),
  ];
  return new Set(found.map(({ id }) => id));
}
