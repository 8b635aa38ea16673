import { getCompileCacheDir } from 'node:module';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { compiledKernels } from '../../imagery/kernels/compiled.ts';
import { ServiceError } from '../error.ts';
import type { Runner } from './jobs.ts';
import { type ThreadAnswer, type ThreadRequest, unpackError } from './thread-message.ts';

export interface ThreadPoolOptions {
  /** Memory limits of each thread, as in node:worker_threads. */
  resourceLimits?: ResourceLimits;
  /** How long a job may take of which run() does not say it, ms. Unsaid: as long as it likes. */
  limitMs?(kind: string, payload: unknown): number;
  /** What a job is called when its thread fails. Unsaid: A job 'kind'. */
  nameOf?(kind: string, payload: unknown): string;
}

/** What threads compute with; held here so that it outlives them. */
const kernels = ['imagery/kernels/imagery.wasm', 'detectors/kernels/detectors.wasm'].map(
  (name) => new URL(`../../${name}`, import.meta.url),
);

interface Task extends ThreadRequest {
  timeoutMs: number | undefined;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A thread, what it is doing and what will stop it. */
interface Thread {
  worker: Worker;
  task: Task | null;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Threads that compute, each one thing at a time. They start when first needed; one that hangs, crashes
 * or runs out of memory fails its own task and is replaced. Idle threads do not keep the process alive.
 */
export class ThreadPool implements Runner {
  readonly size: number;
  readonly #entry: URL;
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Task[] = [];
  #isClosed = false;

  /** `entry` is a module, .ts or .js, that calls serveJobs. */
  constructor(size: number, entry: URL, options: ThreadPoolOptions = {}) {
    if (!(Number.isInteger(size) && size >= 1)) throw new RangeError(`A pool needs at least 1 thread, got ${size}.`);
    this.size = size;
    this.#entry = entry;
    this.#options = options;
  }

  /**
   * Runs the handler of `kind` in a thread and gives its result. The time limit counts from when a thread
   * takes it up. Throws what the handler threw, with name, code and message; ServiceError 'job-failed'
   * when the thread itself failed or the pool was closed.
   */
  run(kind: string, payload: unknown, options: { timeoutMs?: number } = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ kind, payload, timeoutMs: options.timeoutMs, resolve, reject });
      this.#dispatch();
    });
  }

  /** Starts all threads now, for one who knows that there will be work for them. */
  start(): void {
    while (!this.#isClosed && this.#start() !== null);
  }

  /** Stops all threads; what they were doing fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#dispatch();
    await Promise.all([...this.#threads].map((thread) => this.#discard(thread, 'was stopped: the pool was closed')));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      if (this.#isClosed) {
        const task = this.#waiting.shift()!;
        task.reject(new ServiceError('job-failed', `A job '${task.kind}' was not begun: the thread pool is closed.`));
        continue;
      }
      const thread = [...this.#threads].find(({ task }) => task === null) ?? this.#start();
      if (thread === null) return;
      this.#begin(thread, this.#waiting.shift()!);
    }
  }

  #begin(thread: Thread, task: Task): void {
    try {
      thread.worker.postMessage({ kind: task.kind, payload: task.payload } satisfies ThreadRequest);
    } catch (error) {
      task.reject(error as Error); // the payload cannot be cloned
      return;
    }
    thread.task = task;
    thread.worker.ref();
    const timeoutMs = task.timeoutMs ?? this.#options.limitMs?.(task.kind, task.payload);
    if (timeoutMs !== undefined) {
      const reason = `took longer than ${timeoutMs} ms and was stopped`;
      thread.timer = setTimeout(() => void this.#discard(thread, reason), timeoutMs);
    }
  }

  #start(): Thread | null {
    if (this.#threads.size >= this.size) return null;
    for (const file of kernels) compiledKernels(file);
    // No options of the process are inherited: a test runner's loaders do not belong into our threads.
    const execArgv = ['--disable-warning=ExperimentalWarning'];
    // geotiff brings 'web-worker', which takes workerData apart when it is imported in a thread.
    const argv = [this.#entry.href, getCompileCacheDir() ?? ''];
    const start = new URL('./thread-start.ts', import.meta.url);
    const { resourceLimits = {} } = this.#options;
    const worker = new Worker(start, { execArgv, argv, workerData: {}, resourceLimits });
    const thread: Thread = { worker, task: null, timer: undefined };
    worker.unref();
    worker.on('message', (answer: ThreadAnswer) => this.#finish(thread, answer));
    worker.on('messageerror', (error) => void this.#discard(thread, `gave an unreadable result: ${error.message}`));
    worker.on('error', (error) => void this.#discard(thread, describeCrash(error), error));
    worker.on('exit', (code) => void this.#discard(thread, `ended its thread with exit code ${code}`));
    this.#threads.add(thread);
    return thread;
  }

  #finish(thread: Thread, answer: ThreadAnswer): void {
    // The last word of a thread that is being stopped: to let go of it now would end a process that waits for its end.
    if (!this.#threads.has(thread)) return;
    const task = this.#release(thread);
    if ('result' in answer) task?.resolve(answer.result);
    else task?.reject(unpackError(answer.error));
    this.#dispatch();
  }

  /** Takes the thread out of the pool, stops it and fails its task. Does nothing the second time. */
  async #discard(thread: Thread, reason: string, cause?: unknown): Promise<void> {
    if (!this.#threads.delete(thread)) return;
    const task = this.#release(thread);
    if (task !== null) {
      const name = this.#options.nameOf?.(task.kind, task.payload) ?? `A job '${task.kind}'`;
      task.reject(new ServiceError('job-failed', `${name} ${reason}.`, undefined, cause));
    }
    this.#dispatch();
    await thread.worker.terminate();
  }

  #release(thread: Thread): Task | null {
    const task = thread.task;
    clearTimeout(thread.timer);
    thread.task = null;
    thread.worker.unref();
    return task;
  }
}

function describeCrash(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'ran out of memory in its thread';
  return `crashed its thread: ${message ?? String(error)}`;
}
