import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

type Kind = 'text' | 'text?' | 'integer' | 'unique';

/** Mirrors services/store/schema-handover.ts, which says what each column means. */
const TABLES: Readonly<Record<string, { columns: Record<string, Kind>; index: string[] }>> = {
  case_papers: {
    columns: {
      id: 'unique',
      subject: 'text',
      subjectId: 'text',
      district: 'text',
      kind: 'text',
      fromName: 'text',
      note: 'text?',
      fileName: 'text',
      format: 'text',
      sha256: 'text',
      bytes: 'integer',
      addedAt: 'text',
      addedBy: 'text',
      factJson: 'text?',
    },
    index: ['subject', 'subjectId'],
  },
  paper_judgements: {
    columns: {
      paperId: 'text',
      patchId: 'text',
      beforeId: 'text?',
      afterId: 'text?',
      differencesJson: 'text',
      at: 'text',
    },
    index: ['patchId'],
  },
  handover_packages: {
    columns: {
      id: 'unique',
      caseId: 'text',
      district: 'text',
      receiver: 'text',
      sha256: 'text',
      bytes: 'integer',
      fileName: 'text',
      patches: 'integer',
      preparedAt: 'text',
      preparedBy: 'text',
    },
    index: ['caseId'],
  },
  handover_steps: {
    columns: {
      packageId: 'text',
      step: 'text',
      at: 'text',
      actor: 'text',
      caseVersion: 'integer',
      dueAt: 'text?',
      paperId: 'text?',
      number: 'text?',
      date: 'text?',
    },
    index: ['packageId', 'step'],
  },
};

/** What these columns name lies in that table. */
const REFERENCES: Readonly<Record<string, Record<string, string>>> = {
  paper_judgements: { paperId: 'case_papers.id', patchId: 'patches.id' },
  handover_packages: { caseId: 'cases.id' },
  handover_steps: { packageId: 'handover_packages.id' },
};

export async function createHandOvers(db: Kysely<never>, types: Differences): Promise<void> {
  for (const [table, { columns, index }] of Object.entries(TABLES)) {
    let create = db.schema.createTable(table).addColumn('seq', types.sequence);
    for (const [name, kind] of Object.entries(columns)) {
      const target = REFERENCES[table]?.[name];
      create = create.addColumn(name, kind === 'integer' ? types.integer : types.text, (column) => {
        const checked = kind === 'text?' ? column : column.notNull();
        const keyed = kind === 'unique' ? checked.unique() : checked;
        return target === undefined ? keyed : keyed.references(target);
      });
    }
    await create.modifyEnd(types.tableOptions).execute();
    const once = table === 'handover_steps';
    const made = db.schema.createIndex(`${table}_by_${index[0]}`).on(table);
    await (once ? made.unique() : made).columns(index as never[]).execute();
    await types.forbidChanges(db, table);
  }
}
