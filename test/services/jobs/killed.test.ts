import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseJobs } from '../../../services/jobs/database-jobs.ts';
import { thisProcess } from '../../../services/store/lock-owner.ts';
import { takeLock } from '../../../services/store/locks.ts';
import { writeMeta } from '../../../services/store/meta.ts';
import { openStore } from '../../../services/store/open.ts';

const PROCESS = fileURLToPath(new URL('./drain-until-killed.ts', import.meta.url));
const JOB_COUNT = 12;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tuban-killed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a drain killed with -9 leaves whole results and a lock that can be taken over; the next one ends the work', async () => {
  const path = join(folder, 'store.db');
  const child = spawn(process.execPath, [PROCESS, path, String(JOB_COUNT)], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const done of createInterface({ input: child.stdout })) if (Number(done) >= 4) break;
  const store = await openStore({ sqlite: path });
  await expect(takeLock(store.db, 'run', thisProcess(), new Date())).rejects.toMatchObject({
    code: 'busy',
    message: expect.stringContaining(`held by process ${child.pid} `),
  });
  child.kill('SIGKILL');
  await once(child, 'exit');

  await takeLock(store.db, 'run', thisProcess(), new Date());
  const done = await store.db.selectFrom('jobs').select('key').where('state', '=', 'done').orderBy('key').execute();
  const kept = await store.db.selectFrom('meta').select('key').orderBy('key').execute();
  expect(kept).toEqual(done);
  expect(done.length).toBeLessThan(JOB_COUNT);

  const summary = await databaseJobs(store.db).drain({
    pool: { size: 2, run: async (_kind, payload) => Number(payload) * 2 },
    commit: (trx, job, result) => writeMeta(trx, job.key, String(result)),
  });
  expect(summary).toMatchObject({ done: JOB_COUNT, failed: 0, left: 0 });
  expect(summary.interrupted).toBeGreaterThan(0);
  const results = await store.db.selectFrom('meta').select('value').orderBy('key').execute();
  expect(results.map(({ value }) => Number(value))).toEqual(Array.from({ length: JOB_COUNT }, (_, i) => i * 2));
  await store.close();
});
