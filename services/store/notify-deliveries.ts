import { type ExpressionBuilder, type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import { ServiceError } from '../error.ts';
import { insertRows } from './insert.ts';
import type { Database } from './schema.ts';
import type { NotifyDeliveryTable, NotifyNoticeTable } from './schema-notify.ts';

export type DeliveryRow = Selectable<NotifyDeliveryTable>;
export type NewDelivery = Pick<
  DeliveryRow,
  'endpointId' | 'messageId' | 'type' | 'chain' | 'position' | 'bodyJson' | 'nextAt'
>;

/** How many are looked at for one that no other sender takes first. */
const CANDIDATES = 16;

/** One that is there already stays as it is. `nextAt` is when it is added and may first be sent. */
export async function addDeliveries(db: Kysely<Database>, deliveries: readonly NewDelivery[]): Promise<void> {
  const rows: Insertable<NotifyDeliveryTable>[] = deliveries.map((delivery) => ({
    ...delivery,
    state: 'waiting',
    attempts: 0,
    leaseBy: null,
    leaseUntil: null,
    status: null,
    problem: null,
    addedAt: delivery.nextAt,
    endedAt: null,
  }));
  await insertRows(db, 'notify_deliveries', rows, { skipKnown: true });
}

/** Records which notices are given; returns the ids of those that had not been given before. */
export async function addNewNotices(
  db: Kysely<Database>,
  notices: readonly Insertable<NotifyNoticeTable>[],
): Promise<Set<string>> {
  const added = new Set<string>();
  for (let first = 0; first < notices.length; first += 1000) {
    const insert = db.insertInto('notify_notices').values(notices.slice(first, first + 1000));
    const rows = await insert
      .onConflict((conflict) => conflict.doNothing())
      .returning('noticeId')
      .execute();
    for (const { noticeId } of rows) added.add(noticeId);
  }
  return added;
}

export interface Lease {
  /** Unlike any other. */
  by: string;
  at: Date;
  until: Date;
}

/**
 * Takes the next message that may be sent to a receiver: its time has come, nobody else is sending it, and none before
 * it in its chain is still waiting. Null where there is none. Not for use inside a transaction: others must see it.
 */
export async function claimDelivery(
  db: Kysely<Database>,
  endpointId: string,
  lease: Lease,
): Promise<DeliveryRow | null> {
  const at = lease.at.toISOString();
  for (;;) {
    const candidates = await db
      .selectFrom('notify_deliveries as d')
      .innerJoin('notify_endpoints as e', 'e.id', 'd.endpointId')
      .select('d.seq')
      .where('d.endpointId', '=', endpointId)
      .where('d.state', '=', 'waiting')
      .where('d.nextAt', '<=', at)
      .where('e.state', '=', 'active')
      .where((eb) => eb.or([eb('e.notBefore', 'is', null), eb('e.notBefore', '<=', at)]))
      .where((eb) => eb.or([eb('d.leaseUntil', 'is', null), eb('d.leaseUntil', '<=', at)]))
      // What is replayed is first made out whole: until then its later part waits.
      .where((eb) => eb('d.position', '<', sql<number>`${eb.ref('e.cursor')} + 1`))
      .where(isFirstOfChain)
      .orderBy('d.position')
      .orderBy('d.seq')
      .limit(CANDIDATES)
      .execute();
    if (candidates.length === 0) return null;
    for (const { seq } of candidates) {
      const taken = await take(db, seq, lease);
      if (taken !== null) return taken;
    }
  }
}

type Joined = Database & { d: NotifyDeliveryTable };

function isFirstOfChain(eb: ExpressionBuilder<Joined, 'd'>) {
  const earlier = eb
    .selectFrom('notify_deliveries as b')
    .select('b.seq')
    .whereRef('b.endpointId', '=', 'd.endpointId')
    .whereRef('b.chain', '=', 'd.chain')
    .where('b.state', '=', 'waiting')
    .where((inner) =>
      inner.or([
        inner('b.position', '<', inner.ref('d.position')),
        inner.and([inner('b.position', '=', inner.ref('d.position')), inner('b.seq', '<', inner.ref('d.seq'))]),
      ]),
    );
  return eb.not(eb.exists(earlier));
}

/** Of several senders that found it free, the one whose update still does has it. */
async function take(db: Kysely<Database>, seq: number, { by, at, until }: Lease): Promise<DeliveryRow | null> {
  const update = db.updateTable('notify_deliveries').set({ leaseBy: by, leaseUntil: until.toISOString() });
  const row = await update
    .where('seq', '=', seq)
    .where('state', '=', 'waiting')
    .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<=', at.toISOString())]))
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

export type Outcome = Partial<Pick<DeliveryRow, 'state' | 'nextAt' | 'status' | 'problem' | 'endedAt' | 'attempts'>>;

/** Writes what came of a try and gives the delivery free. False where another sender has taken it over meanwhile. */
export async function recordOutcome(
  db: Kysely<Database>,
  { seq, leaseBy }: Pick<DeliveryRow, 'seq' | 'leaseBy'>,
  outcome: Outcome,
): Promise<boolean> {
  const update = db.updateTable('notify_deliveries').set({ ...outcome, leaseBy: null, leaseUntil: null });
  const result = await update.where('seq', '=', seq).where('leaseBy', '=', leaseBy).executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
}

const AGAIN = { state: 'waiting', attempts: 0, endedAt: null } as const;

/** Sends once more what was delivered or given up of the log after `position`. Returns how many. */
export async function reopenDeliveries(
  db: Kysely<Database>,
  endpointId: string,
  position: number,
  at: string,
): Promise<number> {
  const update = db.updateTable('notify_deliveries').set({ ...AGAIN, nextAt: at });
  const ended = update.where('endpointId', '=', endpointId).where('state', '<>', 'waiting');
  return Number((await ended.where('position', '>', position).executeTakeFirst()).numUpdatedRows);
}

/** The same of one. Throws ServiceError 'not-found'. */
export async function reopenDelivery(db: Kysely<Database>, seq: number, at: string): Promise<void> {
  const update = db
    .updateTable('notify_deliveries')
    .set({ ...AGAIN, nextAt: at })
    .where('seq', '=', seq);
  const result = await update.executeTakeFirst();
  if (Number(result.numUpdatedRows) === 0) throw new ServiceError('not-found', `There is no delivery ${seq}.`);
}

/** The last id, in order of letters, of those with a beginning that a receiver was sent or is to be sent. */
export async function lastMessageId(
  db: Kysely<Database>,
  endpointId: string,
  beginning: string,
): Promise<string | null> {
  const query = db.selectFrom('notify_deliveries').select('messageId').where('endpointId', '=', endpointId);
  const ofThose = query.where('messageId', '>=', beginning).where('messageId', '<', `${beginning}\uffff`);
  return (await ofThose.orderBy('messageId', 'desc').limit(1).executeTakeFirst())?.messageId ?? null;
}

/** Place in the log of the oldest message that was given up; null: none was. */
export async function oldestDead(db: Kysely<Database>, endpointId: string): Promise<number | null> {
  const query = db.selectFrom('notify_deliveries').select((eb) => eb.fn.min('position').as('position'));
  const row = await query.where('endpointId', '=', endpointId).where('state', '=', 'dead').executeTakeFirst();
  return row?.position == null ? null : Number(row.position);
}

export interface DeliverySelection {
  endpointId?: string | undefined;
  state?: DeliveryRow['state'] | undefined;
  limit: number;
}

/** Newest first. */
export async function listDeliveries(
  db: Kysely<Database>,
  { endpointId, state, limit }: DeliverySelection,
): Promise<DeliveryRow[]> {
  let query = db.selectFrom('notify_deliveries').selectAll();
  if (endpointId !== undefined) query = query.where('endpointId', '=', endpointId);
  if (state !== undefined) query = query.where('state', '=', state);
  return query.orderBy('seq', 'desc').limit(limit).execute();
}

/** How many deliveries each receiver has in each state. */
export async function countDeliveries(
  db: Kysely<Database>,
): Promise<{ endpointId: string; state: DeliveryRow['state']; count: number }[]> {
  const query = db.selectFrom('notify_deliveries').groupBy(['endpointId', 'state']);
  return query.select((eb) => ['endpointId', 'state', eb.fn.countAll<number>().as('count')]).execute();
}
