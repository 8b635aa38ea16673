import type { Kysely } from 'kysely';
import { type CarryOver, carryOver } from '../cycle/carry-over.ts';
import { findClosed } from '../cycle/closed.ts';
import { Families } from '../cycle/families.ts';
import type { OpenElsewhere } from '../cycle/read-rows.ts';
import { stateNames } from '../lifecycle/transitions.ts';
import { closedMonthNames } from '../store/cycle-months.ts';
import { allPieces, earlierPatches } from '../store/cycle-rows.ts';
import type { Database } from '../store/schema.ts';
import type { PeriodRow } from './period-rows.ts';
import { within } from './scopes.ts';

/** What came into a span of months and goes on from it, of any part of the whole. */
export async function readCarry(
  db: Kysely<Database>,
  from: string,
  rows: readonly PeriodRow[],
): Promise<(code: string) => CarryOver> {
  const before = (await closedMonthNames(db)).filter((month) => month < from).at(-1);
  const carriedIn: OpenElsewhere[] = before === undefined ? [] : (await findClosed(db, before))!.record.carry.out;
  const families = new Families(await allPieces(db));
  const own = new Set(rows.map(({ patchId }) => patchId));
  const earlier = (await earlierPatches(db, from, stateNames('patch', { outcome: 'open' })))
    .filter(({ id }) => !own.has(id) && !families.isReplaced(id))
    .map(
      ({ id, number, month, district, state, dueAt }): OpenElsewhere => ({
        ...{ patchId: id, number, found: month, district, state, dueAt },
      }),
    );
  return (code) =>
    carryOver(within(carriedIn, code), within(rows, code), within(earlier, code), (id) => families.isReplaced(id));
}
