import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { RuleSetTable } from './schema-legality.ts';

export type RuleSetRow = Selectable<RuleSetTable>;

/** Of this id and version there must be none. */
export async function insertRuleSet(db: Kysely<Database>, row: Insertable<RuleSetTable>): Promise<void> {
  await db.insertInto('rule_sets').values(row).execute();
}

/** All versions that were added, in order of id, then of adding. */
export async function addedRuleSets(db: Kysely<Database>): Promise<RuleSetRow[]> {
  return db.selectFrom('rule_sets').selectAll().orderBy('id').orderBy('addedAt').orderBy('version').execute();
}
