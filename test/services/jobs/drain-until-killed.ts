import { databaseJobs } from '../../../services/jobs/database-jobs.ts';
import { ThreadPool } from '../../../services/jobs/threads.ts';
import { thisProcess } from '../../../services/store/lock-owner.ts';
import { takeLock } from '../../../services/store/locks.ts';
import { writeMeta } from '../../../services/store/meta.ts';
import { openStore } from '../../../services/store/open.ts';

// A process for killed.test.ts to kill: `node drain-until-killed.ts STORE JOBS` writes a line after every job.
const [, , path, count] = process.argv;
const { db } = await openStore({ sqlite: path });
await takeLock(db, 'run', thisProcess(), new Date());
const jobs = databaseJobs(db);
await db.transaction().execute(async (trx) => {
  for (let i = 0; i < Number(count); i++) await jobs.enqueue(trx, 'doubleSlowly', String(i).padStart(3, '0'), i);
});
await jobs.drain({
  pool: new ThreadPool(2, new URL('./thread.ts', import.meta.url)),
  commit: (trx, job, result) => writeMeta(trx, job.key, String(result)),
  onProgress: ({ done }) => process.stdout.write(`${done}\n`),
});
