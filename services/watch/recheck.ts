import { ServiceError } from '../error.ts';
import type { MonthPlan } from '../month/plan.ts';
import { withLock } from '../store/locks.ts';
import type { Store } from '../store/open.ts';
import { finishedRuns } from '../store/project-looks.ts';
import { watchMonth } from './check-month.ts';
import { comparedRun } from './month-view.ts';
import { type WatchStepTaken, writeVerdicts } from './write-verdicts.ts';

export interface Rechecked {
  /** Patches judged, and those that a step was taken with. */
  patches: number;
  steps: WatchStepTaken[];
}

/**
 * Looks at the closed patches once more in the images of a month that was run: those closed since, too. What is seen as
 * it was before adds nothing.
 * @throws ServiceError month-empty where no run of the month is finished; busy
 */
export async function recheckMonth(
  store: Store,
  month: string,
  options: { workers: number; now: Date; onProgress?: (done: number, total: number) => void },
): Promise<Rechecked> {
  return withLock(store.db, 'monthly-run', options.now, async () => {
    const run = (await finishedRuns(store.db, month)).find((one) => one.month === month);
    if (run === undefined) {
      throw new ServiceError(
        'month-empty',
        `Month ${month}: no run of it is finished; wanted one: tuban run --month ${month}.`,
      );
    }
    const plan = JSON.parse(run.planJson) as Pick<MonthPlan, 'grid' | 'afters'>;
    const planned = await watchMonth(store, comparedRun({ ...plan, id: run.id, month }), options);
    const steps = await store.db.transaction().execute((trx) => writeVerdicts(trx, planned, options.now));
    return { patches: planned.length, steps };
  });
}
