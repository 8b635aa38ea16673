import { ServiceError } from '../error.ts';
import { closedMonth, monthSteps, monthTasks } from '../store/cycle-months.ts';
import type { Store } from '../store/open.ts';
import { findClosed } from './closed.ts';
import { type CorrectionEntry, correctedRows } from './correct.ts';
import { type FigureSet, figureSet } from './figure-set.ts';
import { checkDoing, findOpening, type OpenedMonth } from './open.ts';
import { readMonthRows } from './read-rows.ts';

export interface ShownMonth {
  month: string;
  status: 'not-opened' | 'open' | 'issued' | 'closed';
  opening: OpenedMonth | null;
  tasks: { rounds: number; sent: number; inDoubt: number };
  /** As reported when it was closed; null while it is not. */
  reported: { closedAt: string; closedBy: string; sha256: string; figures: FigureSet } | null;
  /** Oldest first. */
  corrections: CorrectionEntry[];
  /** With all corrections; null while it is not closed. */
  corrected: FigureSet | null;
  /** As the store has it now; of a closed month what has gone on since, and is no correction yet. */
  now: FigureSet;
}

/** A month as reported, as corrected, and as it is now. Throws bad-input where it is no month. */
export async function showMonth(store: Store, month: string, at: Date): Promise<ShownMonth> {
  checkDoing({ month, actor: 'reader', at });
  const { db } = store;
  const opening = await findOpening(db, month);
  const rounds = (await monthSteps(db, month)).filter(({ step }) => step === 'end-issue').length;
  const tasks = await monthTasks(db, month);
  const inDoubt = tasks.filter(({ kind }) => kind === 'in-doubt').length;
  const isClosed = (await closedMonth(db, month)) !== null;
  const corrected = isClosed ? await correctedRows(db, month) : null;
  const record = corrected?.closed.record;
  const status = record ? 'closed' : rounds > 0 ? 'issued' : opening ? 'open' : 'not-opened';
  return {
    ...{ month, status, opening },
    tasks: { rounds, sent: tasks.length, inDoubt },
    reported: record
      ? {
          closedAt: record.closedAt,
          closedBy: record.closedBy,
          sha256: corrected!.closed.sha256,
          figures: record.figures,
        }
      : null,
    corrections: corrected?.entries ?? [],
    corrected: corrected ? figureSet(corrected.rows) : null,
    now: figureSet((await readMonthRows(db, month, at)).rows),
  };
}

/** The bytes of a closed month, the same for ever. Throws not-found where it is not closed. */
export async function printedMonth(store: Store, month: string): Promise<{ json: string; text: string }> {
  const closed = await findClosed(store.db, month);
  if (closed === null) throw new ServiceError('not-found', `Only a closed month is printed; ${month} is not closed.`);
  return { json: closed.row.json, text: closed.row.text };
}
