import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

type Columns = Record<string, 'text' | 'text?' | 'integer' | 'sequence'>;

/** Mirrors services/store/schema-cycle.ts, which says what each column means. */
const tables: Record<string, { columns: Columns; key?: string; unique?: string[][]; patches?: string[] }> = {
  month_steps: {
    columns: {
      seq: 'sequence',
      month: 'text',
      step: 'text',
      round: 'integer',
      at: 'text',
      actor: 'text',
      contentJson: 'text',
    },
    unique: [['month', 'step', 'round']],
  },
  month_tasks: {
    columns: {
      number: 'text',
      month: 'text',
      office: 'text',
      seq: 'integer',
      round: 'integer',
      district: 'text',
      patchId: 'text',
      patchVersion: 'integer',
      kind: 'text',
      opinionId: 'text?',
      evidenceJson: 'text',
      dueAt: 'text',
      issuedAt: 'text',
      issuedBy: 'text',
    },
    key: 'number',
    unique: [
      ['month', 'office', 'seq'],
      ['patchId', 'patchVersion'],
    ],
    patches: ['patchId'],
  },
  closed_months: {
    columns: {
      month: 'text',
      closedAt: 'text',
      closedBy: 'text',
      json: 'text',
      sha256: 'text',
      text: 'text',
      textSha256: 'text',
    },
    key: 'month',
  },
  month_corrections: {
    columns: {
      seq: 'sequence',
      month: 'text',
      entry: 'integer',
      at: 'text',
      actor: 'text',
      reason: 'text',
      contentJson: 'text',
    },
    unique: [['month', 'entry']],
  },
  patch_pieces: { columns: { patchId: 'text', parentId: 'text' }, key: 'patchId', patches: ['patchId', 'parentId'] },
};

export async function createCycleTables(db: Kysely<never>, types: Differences): Promise<void> {
  for (const [name, { columns, key, unique = [], patches = [] }] of Object.entries(tables)) {
    let table = db.schema.createTable(name);
    for (const [column, kind] of Object.entries(columns)) {
      if (kind === 'sequence') table = table.addColumn(column, types.sequence);
      else {
        const type = kind === 'integer' ? types.integer : types.text;
        table = table.addColumn(column, type, (built) => {
          const told = kind === 'text?' ? built : built.notNull();
          const keyed = column === key ? told.primaryKey() : told;
          return patches.includes(column) ? keyed.references('patches.id') : keyed;
        });
      }
    }
    await table.modifyEnd(types.tableOptions).execute();
    for (const of of unique) {
      const index = db.schema
        .createIndex(`${name}_by_${of.join('_')}`)
        .on(name)
        .columns(of as never[]);
      await index.unique().execute();
    }
    await types.forbidChanges(db, name);
  }
  await db.schema
    .createIndex('patch_pieces_by_parent')
    .on('patch_pieces')
    .columns(['parentId'] as never[])
    .execute();
}
