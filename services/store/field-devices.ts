import type { Insertable, Kysely, Selectable } from 'kysely';
import { ServiceError } from '../error.ts';
import type { Database } from './schema.ts';
import type { FieldDeviceTable } from './schema-field.ts';

export type FieldDeviceRow = Selectable<FieldDeviceTable>;

/** One that is known already stays as it is. */
export async function insertDevice(db: Kysely<Database>, device: Insertable<FieldDeviceTable>): Promise<void> {
  await db
    .insertInto('field_devices')
    .values(device)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function findDevice(db: Kysely<Database>, id: string): Promise<FieldDeviceRow | null> {
  return (await db.selectFrom('field_devices').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function listDevices(db: Kysely<Database>): Promise<FieldDeviceRow[]> {
  return db.selectFrom('field_devices').selectAll().orderBy('addedAt').orderBy('id').execute();
}

/** One revoked before keeps its first date. Throws ServiceError 'not-found'. */
export async function revokeDevice(db: Kysely<Database>, id: string, at: Date): Promise<void> {
  const revokedAt = at.toISOString();
  const update = db
    .updateTable('field_devices')
    .set((eb) => ({ revokedAt: eb.fn.coalesce('revokedAt', eb.val(revokedAt)) }));
  const result = await update.where('id', '=', id).executeTakeFirst();
  if (Number(result.numUpdatedRows) === 0) throw new ServiceError('not-found', `There is no field device ${id}.`);
}
