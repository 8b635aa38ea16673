import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-papers.ts, which says what each column means. */
export async function createPaperTables(db: Kysely<never>, types: Differences): Promise<void> {
  let templates = db.schema.createTable('paper_templates').addColumn('seq', types.sequence);
  for (const name of ['kind', 'effectiveFrom', 'json', 'sha256', 'addedBy', 'addedAt'] as const) {
    templates = templates.addColumn(name, types.text, (column) => column.notNull()) as typeof templates;
  }
  await templates.modifyEnd(types.tableOptions).execute();
  await db.schema
    .createTable('paper_bytes')
    .addColumn('sha256', types.text, (column) => column.primaryKey())
    .addColumn('bytes', types.bytes, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  await createPapers(db, types);
  for (const table of ['paper_templates', 'paper_bytes', 'papers', 'paper_issues']) {
    await types.forbidChanges(db, table);
  }
}

async function createPapers(db: Kysely<never>, types: Differences): Promise<void> {
  let papers = db.schema
    .createTable('papers')
    .addColumn('seq', types.sequence)
    .addColumn('id', types.text, (column) => column.notNull().unique());
  const said = ['kind', 'templateSha256', 'subject', 'subjectId', 'district', 'recordJson', 'filledJson'] as const;
  for (const name of [...said, 'format', 'sha256', 'draftedBy', 'draftedAt'] as const) {
    papers = papers.addColumn(name, types.text, (column) => column.notNull()) as typeof papers;
  }
  await papers.modifyEnd(types.tableOptions).execute();
  let issues = db.schema
    .createTable('paper_issues')
    .addColumn('paperId', types.text, (column) => column.primaryKey().references('papers.id'))
    .addColumn('number', types.text, (column) => column.notNull().unique())
    .addColumn('handedIn', types.integer, (column) => column.notNull());
  for (const name of ['format', 'issuedBy', 'issuedAt'] as const) {
    issues = issues.addColumn(name, types.text, (column) => column.notNull()) as typeof issues;
  }
  await issues
    .addColumn('sha256', types.text, (column) => column.notNull().references('paper_bytes.sha256'))
    .modifyEnd(types.tableOptions)
    .execute();
}
