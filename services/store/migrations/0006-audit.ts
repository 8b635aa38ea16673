import { type Kysely, sql } from 'kysely';
import { eventHash, GENESIS, type LoggedColumns } from '../../audit/event-chain.ts';
import type { Differences } from './differences.ts';

const BATCH = 1000;

/** Mirrors services/store/schema-audit.ts. Events that are there are chained as they stand, in the order of seq. */
export async function createAudit(db: Kysely<never>, types: Differences): Promise<void> {
  await types.allowChanges(db, 'events');
  for (const column of ['prevHash', 'hash']) {
    // SQLite adds no column without a default that is not null; what was not chained is found by verification.
    const add = db.schema.alterTable('events');
    await add.addColumn(column, types.text, (definition) => definition.notNull().defaultTo('')).execute();
  }
  await chainEvents(db);
  await types.forbidChanges(db, 'events');
  const follows = ['prevHash'] as never[];
  await db.schema.createIndex('events_by_prevHash').on('events').columns(follows).unique().execute();
  await createAnchors(db, types);
  await createReads(db, types);
}

async function chainEvents(db: Kysely<never>): Promise<void> {
  let [seq, prevHash] = [0, GENESIS];
  for (;;) {
    const { rows } =
      await sql<LoggedColumns>`select * from events where seq > ${seq} order by seq limit ${BATCH}`.execute(db);
    for (const row of rows) {
      const hash = eventHash(prevHash, row);
      await sql`update events set "prevHash" = ${prevHash}, hash = ${hash} where seq = ${row.seq}`.execute(db);
      [seq, prevHash] = [row.seq, hash];
    }
    if (rows.length < BATCH) return;
  }
}

async function createAnchors(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('audit_anchors')
    .addColumn('id', types.sequence)
    .addColumn('seq', types.integer, (column) => column.notNull())
    .addColumn('hash', types.text, (column) => column.notNull())
    .addColumn('count', types.integer, (column) => column.notNull())
    .addColumn('at', types.text, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
  await types.forbidChanges(db, 'audit_anchors');
}

async function createReads(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('reads')
    .addColumn('seq', types.sequence)
    .addColumn('at', types.text, (column) => column.notNull())
    .addColumn('actor', types.text, (column) => column.notNull())
    .addColumn('what', types.text, (column) => column.notNull())
    .addColumn('patch', types.text)
    .addColumn('filter', types.text, (column) => column.notNull())
    .addColumn('rows', types.integer)
    .modifyEnd(types.tableOptions)
    .execute();
  for (const columns of [['at'], ['actor', 'at'], ['patch', 'at']]) {
    const name = `reads_by_${columns.join('_')}`;
    await db.schema
      .createIndex(name)
      .on('reads')
      .columns(columns as never[])
      .execute();
  }
  await types.forbidChanges(db, 'reads');
}
