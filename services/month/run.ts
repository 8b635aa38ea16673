import type { MethodChoice } from '../detection/choose-method.ts';
import { lookAtLate } from '../late/look-at-late.ts';
import { settleLate } from '../late/settle.ts';
import { writeLate } from '../late/write-late.ts';
import { checkSceneFiles } from '../scenes/scene-files.ts';
import { withLock } from '../store/locks.ts';
import type { Store } from '../store/open.ts';
import { beginRun, failRun, findRun } from '../store/runs.ts';
import { watchMonth } from '../watch/check-month.ts';
import { comparedRun } from '../watch/month-view.ts';
import { writeVerdicts } from '../watch/write-verdicts.ts';
import { compare, planRecord } from './compare.ts';
import { concludeMonth } from './conclude.ts';
import { planMonth } from './plan.ts';
import type { RunSummary } from './summary.ts';

export interface MonthRunOptions {
  month: string;
  /** Default: auto, what fits each pair. */
  method?: MethodChoice;
  workers: number;
  /** The clock of the run: when patches are found and due dates begin. */
  now: Date;
  onProgress?: (stage: 'estimate' | 'compare' | 'watch' | 'queue', done: number, total: number) => void;
  /** Stops the comparing, which takes most of the time; what was compared is kept. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs a month: compares, judges, and fills the queue. Work done is kept, so a killed run goes on where it
 * was when it is started again; a finished run with the same inputs is not run again.
 * @throws ServiceError month-empty; busy when a run is under way; scene-invalid when an image is missing or was
 * changed; job-failed naming what could not be done
 */
export async function runMonth(store: Store, options: MonthRunOptions): Promise<RunSummary> {
  return withLock(store.db, 'monthly-run', options.now, async () => {
    const plan = await planMonth(store, options.month, options.method ?? 'auto');
    const known = await findRun(store.db, plan.id);
    if (known?.state === 'done' && known.summaryJson) {
      await settleLate(store, plan, options);
      return JSON.parse(known.summaryJson) as RunSummary;
    }
    await checkSceneFiles(store, new Set([...plan.afters, ...plan.befores].map(({ id }) => id)));
    await beginRun(store.db, {
      id: plan.id,
      month: plan.month,
      district: null,
      planJson: planRecord(plan, null),
      summaryJson: null,
      error: null,
      startedAt: options.now.toISOString(),
      finishedAt: null,
    });
    try {
      await compare(store, plan, options);
      const watched = await watchMonth(store, comparedRun(plan), {
        workers: options.workers,
        onProgress: (done, total) => options.onProgress?.('watch', done, total),
      });
      const late = await lookAtLate(store, plan, options);
      options.onProgress?.('queue', 0, 1);
      const summary = await concludeMonth(store, plan, options.now, async (trx) => {
        await writeVerdicts(trx, watched, options.now);
        await writeLate(trx, plan, late, options.now);
      });
      options.onProgress?.('queue', 1, 1);
      return summary;
    } catch (error) {
      await failRun(store.db, plan.id, (error as Error).message, options.now);
      throw error;
    }
  });
}
