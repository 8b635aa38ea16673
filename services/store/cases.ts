import type { Insertable, Kysely, Selectable } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { ServiceError } from '../error.ts';
import { dialectOf } from './dialect.ts';
import { insertRows } from './insert.ts';
import type { CasePatchTable, CaseTable, Database } from './schema.ts';
import { whereInBox } from './spatial.ts';

export type CaseRow = Selectable<CaseTable>;

/** False where a case of this id is already there; it stays as it is. */
export async function insertCase(db: Kysely<Database>, row: Insertable<CaseTable>): Promise<boolean> {
  const result = await db
    .insertInto('cases')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return Number(result.numInsertedOrUpdatedRows) === 1;
}

export async function insertCasePatches(
  db: Kysely<Database>,
  rows: readonly Insertable<CasePatchTable>[],
): Promise<void> {
  await insertRows(db, 'case_patches', rows);
}

export async function findCase(db: Kysely<Database>, id: string): Promise<CaseRow | null> {
  return (await db.selectFrom('cases').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** The cases that cover a patch, oldest first. */
export async function casesOfPatch(db: Kysely<Database>, patchId: string): Promise<CaseRow[]> {
  return db
    .selectFrom('cases')
    .selectAll()
    .where('id', 'in', (eb) => eb.selectFrom('case_patches').select('caseId').where('patchId', '=', patchId))
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
}

export async function isCovered(db: Kysely<Database>, caseId: string, patchId: string): Promise<boolean> {
  const query = db.selectFrom('case_patches').select('patchId').where('caseId', '=', caseId);
  return (await query.where('patchId', '=', patchId).executeTakeFirst()) !== undefined;
}

/**
 * Moves a case's projection on by one version, in the transaction that appends the event. Throws
 * ServiceError 'version-conflict' when the case is not at `expectedVersion` any more.
 */
export async function projectCase(
  db: Kysely<Database>,
  id: string,
  expectedVersion: number,
  { state, updatedAt }: { state: string; updatedAt: string },
): Promise<void> {
  const result = await db
    .updateTable('cases')
    .set({ state, updatedAt, version: expectedVersion + 1 })
    .where('id', '=', id)
    .where('version', '=', expectedVersion)
    .executeTakeFirst();
  if (Number(result.numUpdatedRows) === 1) return;
  throw new ServiceError('version-conflict', `Case ${id} is not at version ${expectedVersion} any more.`);
}

export interface CaseFilter {
  /** District code prefix; '' = all. */
  district: string;
  states?: readonly string[] | undefined;
  /** Id or number of a patch that it covers. */
  patch?: string | undefined;
  /** A patch that it covers has a box that meets this one. */
  box?: LonLatBox | undefined;
}

/** Cases in order of opening, after the one whose [createdAt, id] is `after`, with how many patches each covers. */
export async function casePage(
  db: Kysely<Database>,
  { district, states, patch, box }: CaseFilter,
  limit: number,
  after: readonly [createdAt: string, id: string] | null,
): Promise<(CaseRow & { patches: number })[]> {
  let query = db
    .selectFrom('cases')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('case_patches')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('case_patches.caseId', '=', 'cases.id')
        .as('patches'),
    );
  if (district !== '') query = query.where('district', '>=', district).where('district', '<', `${district}\uffff`);
  if (states !== undefined) query = query.where('state', 'in', states);
  if (patch !== undefined) {
    query = query.where('id', 'in', (eb) =>
      eb
        .selectFrom('case_patches')
        .innerJoin('patches', 'patches.id', 'case_patches.patchId')
        .select('caseId')
        .where((or) => or.or([or('patches.id', '=', patch), or('patches.number', '=', patch)])),
    );
  }
  if (box !== undefined) {
    query = query.where('id', 'in', (eb) =>
      eb
        .selectFrom('case_patches')
        .innerJoin('patches', 'patches.id', 'case_patches.patchId')
        .select('caseId')
        .where(whereInBox(dialectOf(db), 'patches', box)),
    );
  }
  if (after !== null) {
    const [createdAt, id] = after;
    query = query.where((eb) =>
      eb.or([eb('createdAt', '>', createdAt), eb.and([eb('createdAt', '=', createdAt), eb('id', '>', id)])]),
    );
  }
  const rows = await query.orderBy('createdAt').orderBy('id').limit(limit).execute();
  return rows.map(({ patches, ...row }) => ({ ...row, patches: Number(patches) }));
}

/** The patches that a case covers, in order of number. */
export async function patchesOfCase(db: Kysely<Database>, caseId: string) {
  return db
    .selectFrom('case_patches')
    .innerJoin('patches', 'patches.id', 'case_patches.patchId')
    .select(['patches.id', 'patches.number', 'patches.district', 'patches.state', 'patches.areaM2'])
    .where('caseId', '=', caseId)
    .orderBy('patches.number')
    .execute();
}
