import type { Kysely } from 'kysely';
import { ServiceError } from '../error.ts';
import { sha256Of } from '../sha256.ts';
import { type ClosedMonthRow, closedMonth } from '../store/cycle-months.ts';
import type { Database } from '../store/schema.ts';
import type { MonthRecord } from './record.ts';

export interface ClosedMonth {
  record: MonthRecord;
  sha256: string;
  textSha256: string;
  /** False where it had been closed before; nothing was changed then. */
  isNew: boolean;
}

/** The closed month as stored, or null. Throws store-unusable where its bytes are not those that were hashed. */
export async function findClosed(
  db: Kysely<Database>,
  month: string,
): Promise<(ClosedMonth & { row: ClosedMonthRow }) | null> {
  const row = await closedMonth(db, month);
  return row && { ...checked(row), isNew: false, row };
}

export function checked(row: ClosedMonthRow): Omit<ClosedMonth, 'isNew'> {
  const { month, json, sha256, text, textSha256 } = row;
  for (const [name, bytes, wanted] of [['figures', json, sha256] as const, ['text', text, textSha256] as const]) {
    if (sha256Of(bytes) === wanted) continue;
    const message = `The ${name} of the closed month ${month} must have the sha256 ${wanted}; they have ${sha256Of(bytes)}.`;
    throw new ServiceError('store-unusable', message);
  }
  return { record: JSON.parse(json) as MonthRecord, sha256, textSha256 };
}
