import { expect, it } from 'vitest';
import { ServiceError } from '../../../services/error.ts';
import { databaseJobs } from '../../../services/jobs/database-jobs.ts';
import type { DrainOptions, DrainProgress, Runner } from '../../../services/jobs/jobs.ts';
import { ThreadPool } from '../../../services/jobs/threads.ts';
import { readMeta, writeMeta } from '../../../services/store/meta.ts';
import type { Store } from '../../../services/store/open.ts';
import { describeOnBothStores } from '../../support/stores.ts';

/** Runs a function in this thread, `size` at a time. */
function runner(compute: (payload: number, kind: string) => unknown, size = 2): Runner {
  return { size, run: async (kind, payload) => compute(payload as number, kind) };
}

/** Jobs of the given payloads; their keys are the payloads. */
async function withJobs(store: Store, kind: string, payloads: number[]) {
  const jobs = databaseJobs(store.db);
  await store.db.transaction().execute(async (trx) => {
    for (const payload of payloads) await jobs.enqueue(trx, kind, String(payload), payload);
  });
  return jobs;
}

/** Keeps each result under 'kind/key' in the meta table, where a test can see what was committed. */
const keep: DrainOptions<unknown>['commit'] = (trx, job, result) => writeMeta(trx, job.id, String(result));

async function jobStates(store: Store) {
  const rows = await store.db.selectFrom('jobs').selectAll().orderBy('kind').orderBy('key').execute();
  return rows.map((row) => `${row.id} ${row.state} ${row.attempts}`);
}

describeOnBothStores('Jobs in the database', (openFresh) => {
  it('enqueues the same kind and key once, and not at all when the transaction fails', async () => {
    const store = await openFresh();
    await withJobs(store, 'pair', [1, 2]);
    const jobs = await withJobs(store, 'pair', [2]);
    const failing = store.db.transaction().execute(async (trx) => {
      await jobs.enqueue(trx, 'pair', '3', 3);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await jobStates(store)).toEqual(['pair/1 queued 0', 'pair/2 queued 0']);
  });

  it('runs each job once, in real threads, and reports how far it is', async () => {
    const store = await openFresh();
    const pool = new ThreadPool(2, new URL('./thread.ts', import.meta.url));
    const jobs = await withJobs(store, 'double', [1, 2, 3, 4, 5]);
    const progress: DrainProgress[] = [];
    const summary = await jobs.drain({ pool, commit: keep, onProgress: (now) => progress.push(now) });
    await pool.close();
    expect(summary).toEqual({ done: 5, failed: 0, total: 5, interrupted: 0, retried: 0, left: 0, failures: [] });
    expect(progress.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await readMeta(store.db, 'double/5')).toBe('10');
    const again = await jobs.drain({ pool, commit: () => Promise.reject(new Error('nothing is left to commit')) });
    expect(again).toMatchObject({ done: 5, total: 5, failures: [] });
  });

  it('keeps as many jobs in work as the pool takes, never more', async () => {
    const store = await openFresh();
    const jobs = await withJobs(store, 'pair', [1, 2, 3, 4, 5, 6, 7]);
    let inWork = 0;
    let most = 0;
    const compute = async () => {
      most = Math.max(most, ++inWork);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inWork--;
    };
    await jobs.drain({ pool: runner(compute, 3), commit: async () => {} });
    expect(most).toBe(3);
  });

  it('runs only the kinds and keys that were asked for', async () => {
    const store = await openFresh();
    await withJobs(store, 'a', [10, 11, 20]);
    const jobs = await withJobs(store, 'b', [10]);
    const summary = await jobs.drain({ kinds: ['a'], keyPrefix: '1', pool: runner(Number), commit: keep });
    expect(summary).toMatchObject({ done: 2, total: 2 });
    expect(await jobStates(store)).toEqual(['a/10 done 0', 'a/11 done 0', 'a/20 queued 0', 'b/10 queued 0']);
  });

  it('commits the result and the completion together, or neither', async () => {
    const store = await openFresh();
    const jobs = await withJobs(store, 'pair', [1]);
    const summary = await jobs.drain({
      pool: runner(Number),
      attempts: 1,
      commit: async (trx, job, result) => {
        await keep(trx, job, result);
        throw new Error('no room');
      },
    });
    expect(summary.failures).toEqual([{ kind: 'pair', key: '1', error: new Error('no room') }]);
    expect(await readMeta(store.db, 'pair/1')).toBeNull();
    expect(await jobStates(store)).toEqual(['pair/1 failed 1']);
  });

  it('tries again what may go better, three times in all', async () => {
    const store = await openFresh();
    const jobs = await withJobs(store, 'pair', [1, 2]);
    let tries = 0;
    const moody = (payload: number) => {
      if (payload === 1) throw new ServiceError('job-failed', 'The thread crashed.');
      if (++tries < 3) throw new Error('bad luck');
      return payload;
    };
    const summary = await jobs.drain({ pool: runner(moody), commit: keep });
    expect(summary).toMatchObject({ done: 1, failed: 1, total: 2, retried: 4 });
    expect(summary.failures[0].error.message).toBe('The thread crashed.');
    expect(await jobStates(store)).toEqual(['pair/1 failed 3', 'pair/2 done 2']);
  });

  it('does not try bad input again in the same drain, but does in the next, when it may have been mended', async () => {
    const store = await openFresh();
    const jobs = await withJobs(store, 'pair', [1]);
    const pool = new ThreadPool(1, new URL('./thread.ts', import.meta.url));
    const bad = await jobs.drain({ pool: { size: 1, run: () => pool.run('noTiff', 'a.tif') }, commit: keep });
    await pool.close();
    expect(bad).toMatchObject({ failed: 1, retried: 0 });
    expect(bad.failures[0].error).toMatchObject({ name: 'ImageryError', code: 'not-a-tiff' });
    expect(await jobs.drain({ pool: runner(Number), commit: keep })).toMatchObject({
      done: 1,
      failed: 0,
      failures: [],
    });
  });

  it('begins again what a killed process left running', async () => {
    const store = await openFresh();
    const jobs = await withJobs(store, 'pair', [1, 2]);
    await store.db.updateTable('jobs').set({ state: 'running' }).where('key', '=', '1').execute();
    expect(await jobs.drain({ pool: runner(Number), commit: keep })).toMatchObject({ done: 2, interrupted: 1 });
  });

  it('runs the jobs that a commit enqueues', async () => {
    const store = await openFresh();
    const jobs = await withJobs(store, 'pair', [3]);
    const summary = await jobs.drain<number>({
      pool: runner(Number),
      commit: async (trx, job, result) => {
        await keep(trx, job, result);
        if (result > 0) await jobs.enqueue(trx, 'pair', String(result - 1), result - 1);
      },
    });
    expect(summary).toMatchObject({ done: 4, total: 4 });
  });

  it('stops when asked to: what is in work is finished, the rest stays queued', async () => {
    const store = await openFresh();
    const jobs = await withJobs(store, 'pair', [1, 2, 3]);
    const stop = new AbortController();
    const compute = (payload: number) => {
      stop.abort();
      return payload;
    };
    const summary = await jobs.drain({ pool: runner(compute, 1), commit: keep, signal: stop.signal });
    expect(summary).toMatchObject({ done: 1, left: 2, failed: 0 });
    expect(await jobStates(store)).toEqual(['pair/1 done 0', 'pair/2 queued 0', 'pair/3 queued 0']);
  });
});
