import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { PaperIssueTable, PaperTable, PaperTemplateTable } from './schema-papers.ts';

export type PaperRow = Selectable<PaperTable>;
export type PaperIssueRow = Selectable<PaperIssueTable>;
export type PaperTemplateRow = Selectable<PaperTemplateTable>;

/** Enters a template; the ones entered before stay on record. */
export async function insertPaperTemplate(db: Kysely<Database>, row: Insertable<PaperTemplateTable>): Promise<void> {
  await db.insertInto('paper_templates').values(row).execute();
}

/** All that were entered, of each kind the one that holds latest last. */
export async function paperTemplates(db: Kysely<Database>): Promise<PaperTemplateRow[]> {
  return db.selectFrom('paper_templates').selectAll().orderBy('kind').orderBy('effectiveFrom').orderBy('seq').execute();
}

/** Keeps bytes; those that are kept already stay as they are. */
export async function keepPaperBytes(
  db: Kysely<Database>,
  rows: readonly { sha256: string; bytes: Uint8Array }[],
): Promise<void> {
  for (const row of rows) {
    const insert = db.insertInto('paper_bytes').values({ ...row, bytes: Buffer.from(row.bytes) });
    await insert.onConflict((conflict) => conflict.doNothing()).execute();
  }
}

export async function readPaperBytes(db: Kysely<Database>, sha256: string): Promise<Uint8Array | null> {
  const query = db.selectFrom('paper_bytes').select('bytes').where('sha256', '=', sha256);
  const row = await query.executeTakeFirst();
  return row ? new Uint8Array(row.bytes) : null;
}

/** A paper of the same id is the same paper: it stays as it is. */
export async function insertPaper(db: Kysely<Database>, row: Insertable<PaperTable>): Promise<void> {
  await db
    .insertInto('papers')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** By id or the first digits of it, where these are one paper's. */
export async function findPapers(db: Kysely<Database>, idBegins: string): Promise<PaperRow[]> {
  const query = db.selectFrom('papers').selectAll().where('id', '>=', idBegins).where('id', '<', `${idBegins}\uffff`);
  return query.orderBy('id').limit(2).execute();
}

/** With the number and time of issue, null of a draft; latest first. */
export async function listPaperRows(
  db: Kysely<Database>,
  { district = '', kind, limit }: { district?: string; kind?: string | undefined; limit: number },
) {
  let query = db
    .selectFrom('papers')
    .leftJoin('paper_issues', 'paper_issues.paperId', 'papers.id')
    .selectAll('papers')
    .select(['paper_issues.number', 'paper_issues.issuedAt', 'paper_issues.issuedBy']);
  if (district !== '') query = query.where('district', '>=', district).where('district', '<', `${district}\uffff`);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  return query.orderBy('papers.seq', 'desc').limit(limit).execute();
}

export async function findPaperIssue(db: Kysely<Database>, paperId: string): Promise<PaperIssueRow | null> {
  return (await db.selectFrom('paper_issues').selectAll().where('paperId', '=', paperId).executeTakeFirst()) ?? null;
}

/** The issue under a number, or null. */
export async function findPaperNumber(db: Kysely<Database>, number: string): Promise<PaperIssueRow | null> {
  return (await db.selectFrom('paper_issues').selectAll().where('number', '=', number).executeTakeFirst()) ?? null;
}

export async function insertPaperIssue(db: Kysely<Database>, row: Insertable<PaperIssueTable>): Promise<void> {
  await db.insertInto('paper_issues').values(row).execute();
}
