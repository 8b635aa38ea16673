import { canonicalJson } from '../canonical-json.ts';
import { ServiceError } from '../error.ts';
import { addCorrection, correctionsOf } from '../store/cycle-months.ts';
import { withLock } from '../store/locks.ts';
import type { Store } from '../store/open.ts';
import type { Check, Difference } from './checks.ts';
import { findClosed } from './closed.ts';
import { type FigureSet, figureSet, flatFigures } from './figure-set.ts';
import type { MonthRow } from './month-row.ts';
import { CYCLE_LOCK, checkDoing, type Doing } from './open.ts';
import { readFamilies } from './read-rows.ts';

/** One entry of the correction ledger: the rows that turned out otherwise, and the figures they move. */
export interface Correction {
  /** was null: a piece cut out since. */
  rows: { number: string; was: MonthRow | null; now: MonthRow }[];
  figures: FigureMoved[];
  checks: Check[];
  differences: Difference[];
}

export interface FigureMoved {
  /** Six digits; '' = the whole. */
  district: string;
  /** Path of the figure, e.g. rectified.count. */
  figure: string;
  asReported: number | null;
  /** As the entry before this one had it. */
  before: number | null;
  asNow: number | null;
}

export interface CorrectionEntry extends Correction {
  entry: number;
  at: string;
  actor: string;
  reason: string;
}

/**
 * Enters what turned out otherwise after the month was closed. The closed record stays as it is.
 * @param patches numbers or ids to be corrected; without, every patch of the record that is otherwise now
 * @throws ServiceError bad-input: the month is not closed, there is no reason, or nothing is otherwise
 */
export async function correctMonth(
  store: Store,
  doing: Doing & { reason: string },
  patches: readonly string[] = [],
): Promise<CorrectionEntry> {
  checkDoing(doing);
  const { month, at, reason } = doing;
  if (reason.trim() === '') throw new ServiceError('bad-input', 'A correction needs a reason; got nothing.');
  return withLock(store.db, CYCLE_LOCK, at, () =>
    store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (trx) => {
        const entered = await correctIn(trx, doing, patches);
        if (entered !== null) return entered;
        throw new ServiceError('bad-input', `A correction of ${month} needs a patch that is otherwise now; none is.`);
      }),
  );
}

/** The same in a transaction of the caller's; null, and nothing entered, where nothing is otherwise. */
export async function correctIn(
  trx: Store['db'],
  { month, actor, at, reason }: Doing & { reason: string },
  patches: readonly string[],
): Promise<CorrectionEntry | null> {
  const standing = await correctedRows(trx, month);
  const chosen = chosenRows(standing.rows, patches, month);
  const now = await readFamilies(
    trx,
    chosen.map(({ patchId }) => patchId),
    at,
  );
  const correction = correctionOf(standing.reported, standing.rows, now);
  if (correction.rows.length === 0) return null;
  const entry = standing.entries.length + 1;
  const stamp = { entry, at: at.toISOString(), actor, reason };
  await addCorrection(trx, { month, ...stamp, contentJson: canonicalJson(correction) });
  return { ...stamp, ...correction };
}

/** The rows of a closed month as corrected so far. Throws bad-input where it is not closed. */
export async function correctedRows(db: Store['db'], month: string) {
  const closed = await findClosed(db, month);
  if (closed === null) throw new ServiceError('bad-input', `Only a closed month is corrected; ${month} is not closed.`);
  const entries = (await correctionsOf(db, month)).map(
    ({ entry, at, actor, reason, contentJson }): CorrectionEntry => ({
      ...{ entry, at, actor, reason },
      ...(JSON.parse(contentJson) as Correction),
    }),
  );
  const reported = closed.record.rows;
  const rows = entries.reduce(
    (before, { rows: moved }) =>
      replaced(
        before,
        moved.map(({ now }) => now),
      ),
    reported,
  );
  return { closed, reported, entries, rows };
}

/** What moves when `now` takes the place of rows that stood before; pure. */
function correctionOf(
  reported: readonly MonthRow[],
  before: readonly MonthRow[],
  now: readonly MonthRow[],
): Correction {
  const known = new Map(before.map((row) => [row.patchId, row]));
  const rows = now
    .map((row) => ({ number: row.number, was: known.get(row.patchId) ?? null, now: row }))
    .filter(({ was, now: row }) => was === null || said(was) !== said(row));
  const sets = [
    reported,
    before,
    replaced(
      before,
      rows.map((row) => row.now),
    ),
  ].map(figureSet);
  const { checks, differences } = sets[2];
  return { rows, figures: moved(sets[0], sets[1], sets[2]), checks, differences };
}

/** What of a row figures are made of: a date that moved is no correction. */
function said({ version: _version, dueAt: _dueAt, tasks: _tasks, ...row }: MonthRow): string {
  return canonicalJson({ ...row, cases: row.cases.map(({ version: _, ...one }) => one) });
}

function replaced(rows: readonly MonthRow[], now: readonly MonthRow[]): MonthRow[] {
  const byId = new Map([...rows, ...now].map((row) => [row.patchId, row]));
  return [...byId.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
}

function moved(reported: FigureSet, before: FigureSet, now: FigureSet): FigureMoved[] {
  const codes = new Set([reported, before, now].flatMap(({ districts }) => districts.map(({ district }) => district)));
  return ['', ...[...codes].sort()].flatMap((district) => {
    const [a, b, c] = [reported, before, now].map((set) => flatOf(set, district));
    return [...c.keys()].flatMap((figure) => {
      const [asReported, was, asNow] = [a.get(figure) ?? null, b.get(figure) ?? null, c.get(figure) ?? null];
      if (asReported === asNow && was === asNow) return [];
      return [{ district, figure, asReported, before: was, asNow }];
    });
  });
}

function flatOf(set: FigureSet, district: string): Map<string, number | null> {
  if (district === '') return flatFigures(set.whole);
  const own = set.districts.find((one) => one.district === district);
  return own ? flatFigures(own.figures) : new Map();
}

function chosenRows(rows: readonly MonthRow[], patches: readonly string[], month: string): MonthRow[] {
  if (patches.length === 0) return [...rows];
  return patches.map((name) => {
    const row = rows.find(({ number, patchId }) => number === name || patchId === name);
    if (row) return row;
    throw new ServiceError('bad-input', `The record of ${month} has no patch ${name}.`);
  });
}
