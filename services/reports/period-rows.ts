import type { Kysely } from 'kysely';
import type { MonthRow } from '../cycle/month-row.ts';
import { readFamilies } from '../cycle/read-rows.ts';
import { tasksByPatch } from '../store/cycle-rows.ts';
import { patchIdsBetween } from '../store/report-rows.ts';
import type { Database } from '../store/schema.ts';

/** A row with the month that its family is counted in: of its first task, or else of its finding. */
export type PeriodRow = MonthRow & { month: string };

/** The rows of a span of months, each family once, as they are at `at`. What a month's own figures are drawn from, joined. */
export async function readPeriodRows(db: Kysely<Database>, from: string, to: string, at: Date): Promise<PeriodRow[]> {
  const rows = await readCountedRows(db, await patchIdsBetween(db, from, to), at);
  return rows.filter(({ month }) => month >= from && month <= to);
}

/** The families of these patches, with the month in which each is counted. */
export async function readCountedRows(
  db: Kysely<Database>,
  patchIds: readonly string[],
  at: Date,
): Promise<PeriodRow[]> {
  const rows = await readFamilies(db, patchIds, at);
  const tasks = await tasksByPatch(
    db,
    rows.map(({ patchId }) => patchId),
  );
  const found = new Map(rows.map((row) => [row.patchId, row.found]));
  const sent = new Map<string, string>();
  for (const { patchId, rootId } of rows) {
    for (const { month } of tasks.get(patchId) ?? []) {
      if (month < (sent.get(rootId) ?? '9999')) sent.set(rootId, month);
    }
  }
  return rows.map((row) => ({ ...row, month: sent.get(row.rootId) ?? (found.get(row.rootId) as string) }));
}
