import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-access.ts, which says what each column means. */
export async function createUserTables(db: Kysely<never>, types: Differences): Promise<void> {
  let users = db.schema.createTable('users').addColumn('name', types.text, (column) => column.primaryKey());
  for (const name of ['displayName', 'passwordHash', 'role', 'district', 'createdAt'] as const) {
    users = users.addColumn(name, types.text, (column) => column.notNull()) as typeof users;
  }
  await users
    .addColumn('level', types.text)
    .addColumn('disabledAt', types.text)
    .addColumn('mustChange', types.integer, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  let sessions = db.schema
    .createTable('sessions')
    .addColumn('hash', types.text, (column) => column.primaryKey())
    .addColumn('userName', types.text, (column) => column.notNull().references('users.name'));
  for (const name of ['createdAt', 'seenAt', 'expiresAt'] as const) {
    sessions = sessions.addColumn(name, types.text, (column) => column.notNull()) as typeof sessions;
  }
  await sessions.modifyEnd(types.tableOptions).execute();
  await createTries(db, types);
}

async function createTries(db: Kysely<never>, types: Differences): Promise<void> {
  let tries = db.schema.createTable('login_tries').addColumn('seq', types.sequence);
  for (const name of ['nameHash', 'address', 'outcome', 'at'] as const) {
    tries = tries.addColumn(name, types.text, (column) => column.notNull()) as typeof tries;
  }
  await tries.modifyEnd(types.tableOptions).execute();
  // Tries at the same moment see each other: the count cannot be outrun.
  await types.insertInCommitOrder(db, 'login_tries');
  for (const column of ['nameHash', 'address']) {
    await db.schema
      .createIndex(`login_tries_${column}`)
      .on('login_tries')
      .columns([column, 'at'] as never[])
      .execute();
  }
}
