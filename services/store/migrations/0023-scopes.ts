import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/**
 * Keys say what alone they are for, who made them and when they were last used; a read says in which request it was;
 * a user may be somebody whom another provider logs in.
 */
export async function addScopes(db: Kysely<never>, types: Differences): Promise<void> {
  const columns = {
    api_keys: ['scopesJson', 'createdBy', 'lastUsedAt'],
    reads: ['requestId'],
    users: ['issuer', 'subject'],
  };
  for (const [table, names] of Object.entries(columns)) {
    for (const name of names) await db.schema.alterTable(table).addColumn(name, types.text).execute();
  }
  await db.schema
    .createIndex('users_by_subject')
    .on('users')
    .columns(['issuer', 'subject'] as never[])
    .unique()
    .execute();
}
