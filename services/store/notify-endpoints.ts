import type { Insertable, Kysely, Selectable } from 'kysely';
import { ServiceError } from '../error.ts';
import type { Database } from './schema.ts';
import type { NotifyEndpointTable } from './schema-notify.ts';

export type EndpointRow = Selectable<NotifyEndpointTable>;

export async function insertEndpoint(db: Kysely<Database>, row: Insertable<NotifyEndpointTable>): Promise<void> {
  await db.insertInto('notify_endpoints').values(row).execute();
}

/** Throws ServiceError 'not-found', also of one that was removed. */
export async function endpointOf(db: Kysely<Database>, id: string): Promise<EndpointRow> {
  const query = db.selectFrom('notify_endpoints').selectAll().where('id', '=', id).where('state', '<>', 'removed');
  const row = await query.executeTakeFirst();
  if (row === undefined) throw new ServiceError('not-found', `There is no receiver ${id}.`);
  return row;
}

/** In the order they were added; removed ones are left out. */
export async function listEndpoints(db: Kysely<Database>): Promise<EndpointRow[]> {
  const query = db.selectFrom('notify_endpoints').selectAll().where('state', '<>', 'removed');
  return query.orderBy('addedAt').orderBy('id').execute();
}

export async function activeEndpoints(db: Kysely<Database>, kind?: EndpointRow['kind']): Promise<EndpointRow[]> {
  let query = db.selectFrom('notify_endpoints').selectAll().where('state', '=', 'active');
  if (kind !== undefined) query = query.where('kind', '=', kind);
  return query.orderBy('id').execute();
}

/** A pause that it asked for ends with that. Throws ServiceError 'not-found'. */
export async function setEndpointState(
  db: Kysely<Database>,
  id: string,
  state: EndpointRow['state'],
  note: string | null,
): Promise<void> {
  await endpointOf(db, id);
  const update = db.updateTable('notify_endpoints').set({ state, note, notBefore: null });
  await update.where('id', '=', id).where('state', '<>', 'removed').execute();
}

/** Sends nothing to it before `until`; a longer pause stays. */
export async function holdEndpoint(db: Kysely<Database>, id: string, until: string): Promise<void> {
  const update = db.updateTable('notify_endpoints').set({ notBefore: until }).where('id', '=', id);
  await update.where((eb) => eb.or([eb('notBefore', 'is', null), eb('notBefore', '<', until)])).execute();
}

/** False where somebody else has moved the cursor since it was read. */
export async function moveCursor(db: Kysely<Database>, id: string, from: number, to: number): Promise<boolean> {
  const update = db.updateTable('notify_endpoints').set({ cursor: to });
  const result = await update.where('id', '=', id).where('cursor', '=', from).executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
}

export async function addSecret(db: Kysely<Database>, endpointId: string, secret: string, at: string): Promise<void> {
  await db.insertInto('notify_secrets').values({ endpointId, secret, addedAt: at, endsAt: null }).execute();
}

/** Those without an end get one. */
export async function endSecrets(db: Kysely<Database>, endpointId: string, endsAt: string): Promise<void> {
  const update = db.updateTable('notify_secrets').set({ endsAt }).where('endpointId', '=', endpointId);
  await update.where('endsAt', 'is', null).execute();
}

export async function deleteSecrets(db: Kysely<Database>, endpointId: string): Promise<void> {
  await db.deleteFrom('notify_secrets').where('endpointId', '=', endpointId).execute();
}

/** What to sign with at a moment, newest first. Restricted: for signing alone, never printed or logged. */
export async function secretsOf(db: Kysely<Database>, endpointId: string, at: string): Promise<string[]> {
  const rows = await db
    .selectFrom('notify_secrets')
    .select('secret')
    .where('endpointId', '=', endpointId)
    .where((eb) => eb.or([eb('endsAt', 'is', null), eb('endsAt', '>', at)]))
    .orderBy('seq', 'desc')
    .execute();
  return rows.map(({ secret }) => secret);
}
