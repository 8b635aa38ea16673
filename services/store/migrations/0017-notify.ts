import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema-notify.ts, which says what each column means. */
export async function createNotifyTables(db: Kysely<never>, types: Differences): Promise<void> {
  await createEndpoints(db, types);
  await createDeliveries(db, types);
  let notices = db.schema.createTable('notify_notices') as ReturnType<typeof db.schema.createTable>;
  for (const name of ['endpointId', 'noticeId', 'subject', 'subjectId', 'grade', 'dueAt', 'at'] as const) {
    notices = notices.addColumn(name, types.text, (column) => column.notNull()) as typeof notices;
  }
  await notices
    .addPrimaryKeyConstraint('notify_notices_key', ['endpointId', 'noticeId'] as never)
    .modifyEnd(types.tableOptions)
    .execute();
  await types.forbidChanges(db, 'notify_notices');
}

async function createEndpoints(db: Kysely<never>, types: Differences): Promise<void> {
  let endpoints = db.schema
    .createTable('notify_endpoints')
    .addColumn('id', types.text, (column) => column.primaryKey());
  for (const name of ['kind', 'address', 'district', 'typesJson', 'digest', 'state', 'addedAt'] as const) {
    endpoints = endpoints.addColumn(name, types.text, (column) => column.notNull()) as typeof endpoints;
  }
  for (const name of ['allowHttp', 'allowPrivate', 'cursor'] as const) {
    endpoints = endpoints.addColumn(name, types.integer, (column) => column.notNull()) as typeof endpoints;
  }
  await endpoints
    .addColumn('note', types.text)
    .addColumn('notBefore', types.text)
    .modifyEnd(types.tableOptions)
    .execute();
  await db.schema
    .createTable('notify_secrets')
    .addColumn('seq', types.sequence)
    .addColumn('endpointId', types.text, (column) => column.notNull().references('notify_endpoints.id'))
    .addColumn('secret', types.text, (column) => column.notNull())
    .addColumn('addedAt', types.text, (column) => column.notNull())
    .addColumn('endsAt', types.text)
    .modifyEnd(types.tableOptions)
    .execute();
}

async function createDeliveries(db: Kysely<never>, types: Differences): Promise<void> {
  let deliveries = db.schema
    .createTable('notify_deliveries')
    .addColumn('seq', types.sequence)
    .addColumn('endpointId', types.text, (column) => column.notNull().references('notify_endpoints.id'));
  for (const name of ['messageId', 'type', 'chain', 'state', 'nextAt', 'addedAt'] as const) {
    deliveries = deliveries.addColumn(name, types.text, (column) => column.notNull()) as typeof deliveries;
  }
  for (const name of ['bodyJson', 'leaseBy', 'leaseUntil', 'problem', 'endedAt'] as const) {
    deliveries = deliveries.addColumn(name, types.text) as typeof deliveries;
  }
  await deliveries
    .addColumn('position', types.number, (column) => column.notNull())
    .addColumn('attempts', types.integer, (column) => column.notNull())
    .addColumn('status', types.integer)
    .addUniqueConstraint('notify_deliveries_once', ['endpointId', 'messageId'] as never)
    .modifyEnd(types.tableOptions)
    .execute();
  const index = (name: string, columns: string[]) =>
    db.schema
      .createIndex(name)
      .on('notify_deliveries')
      .columns(columns as never[])
      .execute();
  await index('notify_deliveries_waiting', ['endpointId', 'state', 'nextAt']);
  await index('notify_deliveries_chain', ['endpointId', 'chain', 'state', 'position']);
}
