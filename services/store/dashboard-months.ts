import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** What the dashboard is drawn from beside the patches: what was looked at, and how far each month is. */

export interface CoverageSum {
  month: string;
  district: string;
  totalM2: number;
  observedM2: number;
  cloudM2: number;
  noImageM2: number;
}

/** What could be seen, by the finished run of each month that began last of those that looked at a district. */
export async function coverageBetween(
  db: Kysely<Database>,
  from: string,
  to: string,
  district: string,
): Promise<CoverageSum[]> {
  let query = db
    .selectFrom('coverage')
    .innerJoin('runs', 'runs.id', 'coverage.runId')
    .select(['runs.month', 'coverage.district', 'totalM2', 'observedM2', 'cloudM2', 'noImageM2'])
    .where('runs.state', '=', 'done')
    .where('runs.month', '>=', from)
    .where('runs.month', '<=', to)
    .orderBy('runs.startedAt')
    .orderBy('runs.id');
  if (district !== '') query = query.where('coverage.district', 'like', `${district}%`);
  const latest = new Map((await query.execute()).map((row) => [`${row.month} ${row.district}`, row]));
  return [...latest.values()].sort((a, b) => (`${a.month} ${a.district}` < `${b.month} ${b.district}` ? -1 : 1));
}

/** Months with a finished run, and those closed. */
export async function monthsKnown(
  db: Kysely<Database>,
): Promise<{ run: Set<string>; opened: Set<string>; closed: Set<string> }> {
  const run = await db.selectFrom('runs').select('month').where('state', '=', 'done').distinct().execute();
  const opened = await db.selectFrom('month_steps').select('month').distinct().execute();
  const closed = await db.selectFrom('closed_months').select('month').execute();
  const names = (rows: { month: string }[]) => new Set(rows.map(({ month }) => month));
  return { run: names(run), opened: names(opened), closed: names(closed) };
}
