import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';
import { snapshotOf } from './view.ts';

/** Names all that the dashboard's figures depend on beside the time of day: as long as it is the same, so are they. */
export async function dashboardMark(db: Kysely<Database>, at: Date): Promise<string> {
  const { rows } = await sql<Record<string, unknown>>`select
    (select count(*) || '-' || coalesce(max("finishedAt"), '') from runs where "state" = 'done') as runs,
    (select max("seq") from month_steps) as steps,
    (select count(*) from closed_months) as closed,
    (select max("seq") from opinions) as opinions,
    (select count(*) from actor_entries) as actors,
    (select max("seq") from lineage_acts) as lineage`.execute(db);
  const rest = createHash('sha256').update(Object.values(rows[0]).join(' ')).digest('base64url').slice(0, 8);
  return `${await snapshotOf(db, at)}-${rest}`;
}
