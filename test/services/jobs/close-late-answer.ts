import { ThreadPool } from '../../../services/jobs/threads.ts';

/** Closes a pool while the answer of a job lies there unread, and says so when that is done. */
const threads = new ThreadPool(2, new URL('./thread.ts', import.meta.url));
await threads.run('double', 1);
threads.run('double', 2).catch(() => {});
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
await threads.close();
process.stdout.write('closed\n');
