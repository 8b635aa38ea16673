import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type {
  CasePaperTable,
  HandOverPackageTable,
  HandOverStepTable,
  PaperJudgementTable,
} from './schema-handover.ts';

export type CasePaperRow = Selectable<CasePaperTable>;
export type PaperJudgementRow = Selectable<PaperJudgementTable>;
export type PackageRow = Selectable<HandOverPackageTable>;
export type HandOverStepRow = Selectable<HandOverStepTable>;

/** False where the same paper is kept there already. */
export async function insertPaper(db: Kysely<Database>, row: Insertable<CasePaperTable>): Promise<boolean> {
  const insert = db.insertInto('case_papers').values(row);
  const result = await insert.onConflict((conflict) => conflict.column('id').doNothing()).executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows) === 1;
}

/** The papers of a patch or case, in the order they came in. */
export async function papersOf(
  db: Kysely<Database>,
  subject: CasePaperTable['subject'],
  subjectId: string,
): Promise<CasePaperRow[]> {
  const query = db.selectFrom('case_papers').selectAll().where('subject', '=', subject);
  return query.where('subjectId', '=', subjectId).orderBy('seq').execute();
}

/** Documents that came in for these patches, in the order they came in. */
export async function documentsOfPatches(db: Kysely<Database>, patchIds: readonly string[]): Promise<CasePaperRow[]> {
  if (patchIds.length === 0) return [];
  const query = db.selectFrom('case_papers').selectAll().where('subject', '=', 'patch').where('kind', '=', 'document');
  return query.where('subjectId', 'in', patchIds).orderBy('seq').execute();
}

export async function findPaper(db: Kysely<Database>, id: string): Promise<CasePaperRow | null> {
  return (await db.selectFrom('case_papers').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function insertPaperJudgement(db: Kysely<Database>, row: Insertable<PaperJudgementTable>): Promise<void> {
  await db.insertInto('paper_judgements').values(row).execute();
}

/** What new facts made of a patch's opinion, in the order they came in. */
export async function paperJudgementsOf(db: Kysely<Database>, patchId: string): Promise<PaperJudgementRow[]> {
  const query = db.selectFrom('paper_judgements').selectAll().where('patchId', '=', patchId);
  return query.orderBy('seq').execute();
}

/** The same package made again is the same one. */
export async function insertPackage(db: Kysely<Database>, row: Insertable<HandOverPackageTable>): Promise<void> {
  await db
    .insertInto('handover_packages')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export interface PackageFilter {
  caseId?: string | undefined;
  /** Code prefix; '' = all. */
  district?: string | undefined;
}

/** Packages in the order they were made. */
export async function listPackages(db: Kysely<Database>, filter: PackageFilter = {}): Promise<PackageRow[]> {
  let query = db.selectFrom('handover_packages').selectAll();
  if (filter.caseId !== undefined) query = query.where('caseId', '=', filter.caseId);
  if (filter.district) {
    query = query.where('district', '>=', filter.district).where('district', '<', `${filter.district}\uffff`);
  }
  return query.orderBy('seq').execute();
}

/** Each step of a package is taken once: taken again, it is refused by the database. */
export async function insertHandOverStep(db: Kysely<Database>, row: Insertable<HandOverStepTable>): Promise<void> {
  await db.insertInto('handover_steps').values(row).execute();
}

export async function handOverSteps(db: Kysely<Database>, packageIds: readonly string[]): Promise<HandOverStepRow[]> {
  if (packageIds.length === 0) return [];
  const query = db.selectFrom('handover_steps').selectAll().where('packageId', 'in', packageIds);
  return query.orderBy('seq').execute();
}
