import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ImageryError } from '../../../imagery/error.ts';
import { ThreadPool, type ThreadPoolOptions } from '../../../services/jobs/threads.ts';

const ENTRY = new URL('./thread.ts', import.meta.url);
const pools: ThreadPool[] = [];

function pool(size: number, options: ThreadPoolOptions = {}): ThreadPool {
  const made = new ThreadPool(size, ENTRY, options);
  pools.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.close()));
});

async function messageOf(run: Promise<unknown>): Promise<string> {
  return run.then(String, (error: Error) => error.message);
}

describe('ThreadPool', () => {
  it('computes in threads, more jobs than there are threads', async () => {
    const threads = pool(2);
    const results = await Promise.all([1, 2, 3, 4, 5].map((value) => threads.run('double', value)));
    expect(results).toEqual([2, 4, 6, 8, 10]);
    const places = await Promise.all([1, 2, 3, 4].map(() => threads.run('where', null)));
    expect(places).toEqual(places.map(() => ({ isMainThread: false, threadId: expect.any(Number) })));
    expect(new Set(places.map((place) => (place as { threadId: number }).threadId)).size).toBeLessThanOrEqual(2);
  });

  it('can load the GeoTIFF reader in a thread', async () => {
    expect(await pool(1).run('readerKind', null)).toBe('function');
  });

  it('brings back arrays, whether they can be given away or must be copied', async () => {
    const threads = pool(1);
    const { nested } = (await threads.run('grow', 1000)) as { nested: Float32Array[] };
    expect([nested[0].length, nested[0][999]]).toEqual([1000, 1.5]);
    expect(await threads.run('part', null)).toEqual(new Uint8Array([2, 3]));
    expect(await threads.run('pooled', null)).toEqual(new Uint8Array([97, 98, 99]));
    expect(((await threads.run('wasm', null)) as Uint8Array).length).toBe(65536);
  });

  it('keeps class, name, code and message of an error', async () => {
    const threads = pool(1);
    const error = await threads.run('noTiff', 'a.html').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ImageryError);
    expect(error).toMatchObject({ name: 'ImageryError', code: 'not-a-tiff', message: 'a.html is not a TIFF.' });
    await expect(threads.run('systemError', null)).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ODD',
      message: 'odd',
    });
    await expect(threads.run('nothing', null)).rejects.toThrow("No handler for jobs of kind 'nothing'");
    await expect(threads.run('uncloneable', null)).rejects.toThrow('could not be cloned');
    expect(await threads.run('double', 4)).toBe(8);
  });

  it('stops a hanging thread and goes on with another', async () => {
    const threads = pool(1);
    await threads.run('double', 1);
    const hung = threads.run('hang', null, { timeoutMs: 100 });
    const next = threads.run('double', 21, { timeoutMs: 10_000 });
    await expect(hung).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'job-failed',
      message: "A job 'hang' took longer than 100 ms and was stopped.",
    });
    expect(await next).toBe(42);
  });

  it('takes limit and name of a job from its options where run() does not say', async () => {
    const limitMs = (kind: string, payload: unknown) => (kind === 'hang' ? 50 + Number(payload) : 10_000);
    const threads = pool(1, { limitMs, nameOf: (kind, payload) => `${kind} of ${payload}` });
    await threads.run('double', 1);
    expect(await messageOf(threads.run('hang', 50))).toBe('hang of 50 took longer than 100 ms and was stopped.');
    expect(await threads.run('double', 21)).toBe(42);
  });

  it('counts the time limit from when a thread takes the job up, not from when it was asked for', async () => {
    const threads = pool(1);
    const first = threads.run('sleep', 300);
    expect(await Promise.all([first, threads.run('double', 1, { timeoutMs: 250 })])).toEqual([undefined, 2]);
  });

  it('fails only the job whose thread exits or crashes', async () => {
    const threads = pool(2);
    const exit = threads.run('exit', null);
    const crash = threads.run('crashLater', null);
    const after = [1, 2, 3].map((value) => threads.run('double', value));
    expect(await Promise.all([messageOf(exit), messageOf(crash)])).toEqual([
      "A job 'exit' ended its thread with exit code 7.",
      "A job 'crashLater' crashed its thread: out of the blue.",
    ]);
    expect(await Promise.all(after)).toEqual([2, 4, 6]);
  });

  it('survives a thread that runs out of memory', async () => {
    const threads = pool(1, { resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 } });
    await expect(threads.run('eatMemory', null)).rejects.toThrow('ran out of memory in its thread');
    expect(await threads.run('double', 3)).toBe(6);
  });

  it('says what is wrong with an entry that cannot be loaded', async () => {
    const threads = new ThreadPool(1, new URL('./no-such-entry.ts', import.meta.url));
    await expect(threads.run('double', 1)).rejects.toMatchObject({
      code: 'job-failed',
      message: expect.stringContaining('Cannot find module'),
    });
    await threads.close();
  });

  it('fails what is running and waiting when it is closed', async () => {
    const threads = pool(1);
    const running = threads.run('sleep', 10_000);
    const waiting = threads.run('double', 1);
    const closed = threads.close();
    expect(await Promise.all([running, waiting, threads.run('double', 2)].map(messageOf))).toEqual([
      "A job 'sleep' was stopped: the pool was closed.",
      "A job 'double' was not begun: the thread pool is closed.",
      "A job 'double' was not begun: the thread pool is closed.",
    ]);
    await closed;
  });

  it('ends for who waits for its end, also when an answer came too late', () => {
    const script = fileURLToPath(new URL('./close-late-answer.ts', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, 'closed\n']);
  });

  it('refuses a size that is not a whole number of threads', () => {
    expect(() => new ThreadPool(0, ENTRY)).toThrow('at least 1 thread, got 0');
  });
});
