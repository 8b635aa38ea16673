import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, threadId } from 'node:worker_threads';
import { ImageryError } from '../../../imagery/error.ts';
import { serveJobs } from '../../../services/jobs/thread-entry.ts';

/** Handlers for the tests of the thread pool: each behaves badly, or well, in one way. */
serveJobs({
  double: (value: number) => value * 2,
  where: () => ({ isMainThread, threadId }),
  readerKind: async () => typeof (await import('../../../imagery/tiff/reader.ts')).openTiff,
  grow: (length: number) => ({ nested: [new Float32Array(length).fill(1.5)] }),
  part: () => new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
  pooled: () => Buffer.from('abc'),
  wasm: () => new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer),
  noTiff: (path: string) => {
    throw new ImageryError('not-a-tiff', `${path} is not a TIFF.`);
  },
  systemError: () => {
    throw Object.assign(new TypeError('odd'), { code: 'ODD', details: { at: 3 } });
  },
  uncloneable: () => () => 1,
  sleep: (ms: number) => sleep(ms),
  doubleSlowly: (value: number) => sleep(30, value * 2),
  hang: () => {
    for (;;);
  },
  exit: () => process.exit(7),
  crashLater: async () => {
    setImmediate(() => {
      throw new Error('out of the blue');
    });
    await sleep(1000);
  },
  eatMemory: () => {
    const eaten: string[][] = [];
    for (;;) eaten.push(Array.from({ length: 10_000 }, (_, i) => `${i}-${eaten.length}`));
  },
});
