import type { Kysely } from 'kysely';
import { monthAfter } from '../month/calendar-month.ts';
import { closedMonth } from '../store/cycle-months.ts';
import type { Database } from '../store/schema.ts';

/** A closed month takes nothing in: the month itself where it is open, else the first after it that is. YYYY-MM. */
export async function firstOpenMonth(db: Kysely<Database>, month: string): Promise<string> {
  let open = month;
  while (await closedMonth(db, open)) open = monthAfter(open);
  return open;
}
