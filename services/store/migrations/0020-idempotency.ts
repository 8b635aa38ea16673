import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-idempotency.ts, which says what each column means. */
export async function createIdempotency(db: Kysely<never>, types: Differences): Promise<void> {
  let table = db.schema.createTable('idempotency_keys') as ReturnType<typeof db.schema.createTable>;
  for (const name of ['actor', 'key', 'request', 'state', 'owner', 'at'] as const) {
    table = table.addColumn(name, types.text, (column) => column.notNull()) as typeof table;
  }
  await table
    .addColumn('status', types.integer)
    .addColumn('headersJson', types.text)
    .addColumn('body', types.text)
    .addPrimaryKeyConstraint('idempotency_keys_key', ['actor', 'key'] as never)
    .modifyEnd(types.tableOptions)
    .execute();
  await db.schema.createIndex('idempotency_keys_at').on('idempotency_keys').column('at').execute();
}
