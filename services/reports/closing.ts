import type { Kysely } from 'kysely';
import { dialectOf } from '../store/dialect.ts';
import type { Store } from '../store/open.ts';
import type { Database } from '../store/schema.ts';
import { periodFacts } from './draw-facts.ts';
import type { ClosedReports } from './facts.ts';
import { readMap } from './map-data.ts';
import { periodsAround } from './period.ts';
import { readPeriod } from './read-period.ts';

/** What a month's record keeps for its reports when it is closed, in the transaction that closes it. */
export async function closingReports(trx: Kysely<Database>, month: string, at: Date): Promise<ClosedReports> {
  const store: Store = { db: trx, dialect: dialectOf(trx), close: async () => {} };
  const periods = periodsAround(month);
  const read = await readPeriod(store, { from: periods.year.from, to: month }, at);
  const facts = (kind: keyof typeof periods) =>
    periodFacts(store, read, periods[kind], { from: periods[kind].from, to: month }, month);
  return {
    month: await facts('month'),
    quarter: await facts('quarter'),
    year: await facts('year'),
    map: await readMap(
      trx,
      read.rows.filter((row) => row.month === month),
      month,
    ),
  };
}
