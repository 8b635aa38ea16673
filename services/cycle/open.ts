import { canonicalJson } from '../canonical-json.ts';
import { ServiceError } from '../error.ts';
import { addMonthStep, closedMonth, latestMonthBefore, monthSteps } from '../store/cycle-months.ts';
import { patchesById, patchIdsOfMonth, runsOfMonth } from '../store/cycle-rows.ts';
import { withLock } from '../store/locks.ts';
import type { Store } from '../store/open.ts';

/** Held by whatever writes into the record of a month. */
export const CYCLE_LOCK = 'month-cycle';

/** Who does something to a month, and when. */
export interface Doing {
  month: string;
  actor: string;
  at: Date;
}

/** What a month began with. */
export interface Opening {
  runs: { id: string; state: string; startedAt: string; finishedAt: string | null }[];
  /** Numbers of the patches found in it by then; later ones of the month join at its next issue. */
  patches: string[];
  /** The month before, and why it was not waited for; null where it was closed, or there is none. */
  forced: { openBefore: string; reason: string } | null;
}

export interface OpenedMonth extends Opening {
  month: string;
  openedAt: string;
  openedBy: string;
  /** False where it had been opened before; nothing was changed then. */
  isNew: boolean;
}

/**
 * The month's record begins. Opened again, it is left as it is.
 * @param force why the month before need not be closed
 * @throws ServiceError bad-input, details {openBefore}: the month before has not been closed; busy
 */
export async function openMonth(store: Store, doing: Doing, force?: string): Promise<OpenedMonth> {
  checkDoing(doing);
  if (force !== undefined && force.trim() === '') {
    throw new ServiceError('bad-input', 'Opening a month by force needs a reason; got nothing.');
  }
  const { month, actor, at } = doing;
  return withLock(store.db, CYCLE_LOCK, at, () =>
    store.db.transaction().execute(async (trx) => {
      const known = await findOpening(trx, month);
      if (known) return { ...known, isNew: false };
      const before = await latestMonthBefore(trx, month);
      const openBefore = before === null || (await closedMonth(trx, before)) ? null : before;
      if (openBefore !== null && force === undefined) throw notClosed(month, openBefore);
      const patches = await patchesById(trx, await patchIdsOfMonth(trx, month));
      const opening: Opening = {
        runs: await runsOfMonth(trx, month),
        patches: patches.map(({ number }) => number),
        forced: openBefore === null ? null : { openBefore, reason: force as string },
      };
      const openedAt = at.toISOString();
      const contentJson = canonicalJson(opening);
      await addMonthStep(trx, { month, step: 'open', round: 0, at: openedAt, actor, contentJson });
      return { month, openedAt, openedBy: actor, ...opening, isNew: true };
    }),
  );
}

export async function findOpening(db: Store['db'], month: string): Promise<OpenedMonth | null> {
  const step = (await monthSteps(db, month)).find((row) => row.step === 'open');
  if (step === undefined) return null;
  const opening = JSON.parse(step.contentJson) as Opening;
  return { month, openedAt: step.at, openedBy: step.actor, ...opening, isNew: false };
}

/** The opening of a month that can be worked on. Throws bad-input where it is not open, or closed already. */
export async function requireOpen(db: Store['db'], month: string, what: string): Promise<OpenedMonth> {
  const opening = await findOpening(db, month);
  if (!opening) throw new ServiceError('bad-input', `Month ${month} must be opened before ${what}; it is not open.`);
  return opening;
}

export function checkDoing({ month, actor }: Doing): void {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) {
    throw new ServiceError('bad-input', `A month is written YYYY-MM; got '${month}'.`);
  }
  if (actor.trim() === '') throw new ServiceError('bad-input', `The record of a month says who wrote it; got nobody.`);
}

function notClosed(month: string, openBefore: string): ServiceError {
  const remedy = `close ${openBefore} first, or open ${month} with --force and a reason`;
  const message = `Month ${month} follows ${openBefore}, which must be closed; it is not: ${remedy}.`;
  return new ServiceError('bad-input', message, { openBefore });
}
