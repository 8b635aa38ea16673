import { type RawBuilder, sql } from 'kysely';
import { eventHash, GENESIS } from '../../services/audit/event-chain.ts';
import type { ChainedEventRow } from '../../services/store/audit.ts';
import type { Store } from '../../services/store/open.ts';

/** What somebody with the database in their hands, and time, may do to the event log. */

/** Lifts what forbids changes of the log, as anybody can who owns the database. */
export async function liftTriggers({ db, dialect }: Store): Promise<void> {
  for (const table of ['events', 'audit_anchors', 'detections']) {
    const verbs = dialect === 'sqlite' ? ['update', 'delete'] : ['change', 'truncate'];
    const on = dialect === 'sqlite' ? sql`` : sql`on ${sql.table(table)}`;
    for (const verb of verbs) await sql`drop trigger ${sql.ref(`${table}_no_${verb}`)} ${on}`.execute(db);
  }
}

export async function logOf({ db }: Store): Promise<ChainedEventRow[]> {
  return db.selectFrom('events').selectAll().orderBy('seq').execute();
}

/** Puts rows in the place of all that have their numbers. */
export async function rewrite(store: Store, rows: readonly ChainedEventRow[]): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    const seqs = rows.map(({ seq }) => seq);
    if (seqs.length > 0) await trx.deleteFrom('events').where('seq', 'in', seqs).execute();
    for (const row of rows) await sql`${insertion(store, row)}`.execute(trx);
  });
}

export async function remove({ db }: Store, seqs: readonly number[]): Promise<void> {
  await db.deleteFrom('events').where('seq', 'in', seqs).execute();
}

/** The rows chained anew, as if they had always been so: what only an anchor tells. */
export function rechained(rows: readonly ChainedEventRow[]): ChainedEventRow[] {
  let prevHash = GENESIS;
  return rows.map((row) => {
    const hash = eventHash(prevHash, row);
    const chained = { ...row, prevHash, hash };
    prevHash = hash;
    return chained;
  });
}

function insertion({ dialect }: Store, row: ChainedEventRow): RawBuilder<unknown> {
  const names = Object.keys(row) as (keyof ChainedEventRow)[];
  const overriding = dialect === 'sqlite' ? sql`` : sql`overriding system value`;
  return sql`insert into events (${sql.join(names.map((name) => sql.ref(name)))}) ${overriding}
    values (${sql.join(names.map((name) => row[name]))})`;
}

/** Empties the tables of the queue for the next round: opening a store for each would take most of the time. */
export async function emptyQueue({ db, dialect }: Store): Promise<void> {
  const tables = [
    'events',
    'audit_anchors',
    'case_patches',
    'cases',
    'overlaps',
    'patches',
    'detections',
    'places',
    'runs',
  ];
  for (const table of tables) await sql`delete from ${sql.table(table)}`.execute(db);
  if (dialect === 'sqlite') await sql`delete from sqlite_sequence`.execute(db);
}
