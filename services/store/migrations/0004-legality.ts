import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-legality.ts. */
export async function createLegality(db: Kysely<never>, types: Differences): Promise<void> {
  await createRuleSets(db, types);
  await createOpinions(db, types);
  for (const table of ['rule_sets', 'opinions']) await types.forbidChanges(db, table);
}

async function createRuleSets(db: Kysely<never>, types: Differences): Promise<void> {
  let create = db.schema.createTable('rule_sets').addColumn('effectiveTo', types.text);
  for (const column of ['id', 'version', 'province', 'effectiveFrom', 'json', 'sha256', 'addedAt'] as const) {
    create = create.addColumn(column, types.text, (definition) => definition.notNull()) as typeof create;
  }
  await create
    .addPrimaryKeyConstraint('rule_sets_key', ['id', 'version'] as never)
    .modifyEnd(types.tableOptions)
    .execute();
}

async function createOpinions(db: Kysely<never>, types: Differences): Promise<void> {
  let create = db.schema
    .createTable('opinions')
    .addColumn('seq', types.sequence)
    .addColumn('patchId', types.text, (definition) => definition.notNull().references('patches.id'))
    .addColumn('kind', types.text);
  const texts = ['id', 'at', 'ruleSetId', 'ruleVersion', 'opinion', 'ruleId', 'factsJson', 'opinionJson'] as const;
  for (const column of texts) {
    create = create.addColumn(column, types.text, (definition) => definition.notNull()) as typeof create;
  }
  await create.modifyEnd(types.tableOptions).execute();
  await db.schema
    .createIndex('opinions_by_id')
    .on('opinions')
    .columns(['id'] as never[])
    .unique()
    .execute();
  const latest = ['patchId', 'seq'] as never[];
  await db.schema.createIndex('opinions_by_patchId_seq').on('opinions').columns(latest).execute();
}
