import type { Kysely } from 'kysely';
import { findClosed } from '../cycle/closed.ts';
import { type Correction, correctedRows } from '../cycle/correct.ts';
import { figuresOf } from '../cycle/figures.ts';
import type { MonthRow } from '../cycle/month-row.ts';
import { closedMonth, closedMonthNames, correctionsOf, monthSteps } from '../store/cycle-months.ts';
import { runsBetween } from '../store/report-rows.ts';
import type { Database } from '../store/schema.ts';
import type { CorrectionFacts, MonthFacts, MonthFigures } from './facts.ts';
import type { ReportKind } from './period.ts';
import type { PeriodRow } from './period-rows.ts';
import { within } from './scopes.ts';

/** A month beside others of a report: a closed one as it was reported, and as corrected. */
interface KnownMonth {
  month: string;
  status: MonthFacts['status'];
  rows: readonly MonthRow[];
  corrected: { entries: number; rows: readonly MonthRow[] } | null;
}

/** @param closing the month that is being closed, whose rows are its record */
export async function readMonths(
  db: Kysely<Database>,
  months: readonly string[],
  rows: readonly PeriodRow[],
  closing: string | null,
): Promise<KnownMonth[]> {
  const live = Map.groupBy(rows, ({ month }) => month);
  const known: KnownMonth[] = [];
  for (const month of months) {
    const closed = month === closing ? null : await findClosed(db, month);
    if (closed === null) {
      const own = live.get(month) ?? [];
      const isKnown = own.length > 0 || (await monthIsKnown(db, month));
      const status = month === closing ? 'closed' : isKnown ? 'open' : 'unknown';
      known.push({ month, status, rows: own, corrected: null });
      continue;
    }
    const { entries, rows: now } = await correctedRows(db, month);
    const corrected = entries.length === 0 ? null : { entries: entries.length, rows: now };
    known.push({ month, status: 'closed', rows: closed.record.rows, corrected });
  }
  return known;
}

export function monthFacts({ month, status, rows, corrected }: KnownMonth, code: string): MonthFacts {
  return {
    month,
    status,
    figures: status === 'unknown' ? null : monthFigures(within(rows, code)),
    corrected: corrected && { entries: corrected.entries, ...monthFigures(within(corrected.rows, code)) },
  };
}

function monthFigures(rows: readonly MonthRow[]): MonthFigures {
  const { issued, violations, rectified } = figuresOf(rows);
  return { issued, violations: { count: violations.count, areaM2: violations.areaM2 }, rectified };
}

/**
 * The ledger of entries to closed months that a report lists, oldest month first: of a month those made since the month
 * before was closed, of a longer span those to its months.
 */
export async function readCorrections(
  db: Kysely<Database>,
  kind: ReportKind,
  span: { from: string; to: string },
): Promise<CorrectionFacts[]> {
  const closed = await closedMonthNames(db);
  const before = closed.filter((month) => month < span.from).at(-1);
  const since = kind === 'month' && before !== undefined ? (await closedMonth(db, before))!.closedAt : '';
  const months = closed.filter((month) =>
    kind === 'month' ? month < span.from : month >= span.from && month <= span.to,
  );
  const listed: CorrectionFacts[] = [];
  for (const month of months) {
    for (const { entry, at, actor, reason, contentJson } of await correctionsOf(db, month)) {
      if (at > since) listed.push({ month, entry, at, actor, reason, ...contentOf(contentJson) });
    }
  }
  return listed;
}

function contentOf(contentJson: string): Pick<CorrectionFacts, 'numbers' | 'moved'> {
  const { rows, figures } = JSON.parse(contentJson) as Correction;
  const moved = figures.filter(({ figure }) => SHOWN.includes(figure));
  return {
    numbers: rows.map(({ number }) => number),
    moved: moved.map(({ district, figure, asReported, asNow }) => ({ code: district, figure, asReported, asNow })),
  };
}

/** Whether a run looked at it, or its record was begun. */
async function monthIsKnown(db: Kysely<Database>, month: string): Promise<boolean> {
  return (await runsBetween(db, month, month)).length > 0 || (await monthSteps(db, month)).length > 0;
}

/** Figures whose movement a report shows; the ledger itself holds all. */
const SHOWN = [
  'issued.count',
  'violations.count',
  'violations.areaM2',
  'rectified.count',
  'rectified.areaM2',
  'notRectified.count',
];
