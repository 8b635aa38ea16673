import type { MethodChoice } from '../detection/choose-method.ts';
import { ServiceError } from '../error.ts';
import { seeingAll } from '../store/hiding.ts';
import type { Store } from '../store/open.ts';
import { planMonth } from './plan.ts';
import { type MonthRunOptions, runMonth } from './run.ts';
import type { RunLog } from './run-log.ts';
import type { RunSummary } from './summary.ts';

type Stage = Parameters<NonNullable<MonthRunOptions['onProgress']>>[0];

/** The run that is under way. */
export interface RunProgress {
  month: string;
  by: string;
  startedAt: string;
  /** null: it is being planned. */
  stage: Stage | null;
  done: number;
  total: number;
  stopping: boolean;
}

export interface RunDeskOptions {
  workers: number;
  /** The clock of the workspace, which a run goes by. */
  now: () => Date;
  /** The machine's own, for the log. */
  clock: () => Date;
  log: RunLog;
}

/** A run as it was ordered. `method` defaults to auto, what fits each pair of scenes. */
export interface RunOrder {
  month: string;
  by: string;
  method?: MethodChoice;
}

/**
 * Where a server's monthly runs are begun, by people and by the schedule: one at a time, told stage by stage and written
 * down. What another process runs on the same database is refused by the lock of the run itself.
 */
export class RunDesk {
  readonly #store: Store;
  readonly #options: RunDeskOptions;
  #current: RunProgress | null = null;
  #work: Promise<unknown> = Promise.resolve();
  #abort = new AbortController();

  constructor(store: Store, options: RunDeskOptions) {
    this.#store = store;
    this.#options = options;
  }

  get current(): RunProgress | null {
    return this.#current === null ? null : { ...this.#current };
  }

  /** The clock of the workspace. */
  get now(): () => Date {
    return this.#options.now;
  }

  get log(): RunLog {
    return this.#options.log;
  }

  /**
   * Begins a run and comes back once it can be said that the month can be run; what becomes of it is in the log.
   * @throws ServiceError busy, month-empty; ImageryError bands-differ
   */
  async start(order: RunOrder): Promise<RunProgress> {
    this.#take(order);
    try {
      await planMonth(this.#store, order.month, order.method ?? 'auto');
    } catch (error) {
      this.#current = null;
      throw error;
    }
    this.#work = this.#run(order).catch(() => {});
    return this.current as RunProgress;
  }

  /** Runs a month to its end. @throws ServiceError as runMonth does */
  async run(order: RunOrder): Promise<RunSummary> {
    this.#take(order);
    const work = this.#run(order);
    this.#work = work.catch(() => {});
    return work;
  }

  /** Lets the work in hand end and keeps it, so that the next start goes on there. @throws ServiceError bad-input: nothing runs */
  stop(): RunProgress {
    if (this.#current === null) throw new ServiceError('bad-input', 'Only a run under way is stopped; there is none.');
    this.#abort.abort();
    this.#current.stopping = true;
    return { ...this.#current };
  }

  /** Stops what runs, and comes back when it has. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#work;
  }

  #take({ month, by }: RunOrder): void {
    if (this.#current !== null) {
      const { month: running, startedAt } = this.#current;
      throw new ServiceError('busy', `One month is run at a time; ${running} has been under way since ${startedAt}.`);
    }
    this.#abort = new AbortController();
    const startedAt = this.#options.clock().toISOString();
    this.#current = { month, by, startedAt, stage: null, done: 0, total: 0, stopping: false };
  }

  async #run({ month, by, method = 'auto' }: RunOrder): Promise<RunSummary> {
    const { log, now, workers } = this.#options;
    const write = (line: Parameters<RunLog['add']>[2]) => log.add(month, this.#options.clock(), line);
    await write({ what: 'started', text: by });
    let stage: Stage | null = null;
    try {
      const options: MonthRunOptions = {
        ...{ month, method, workers, now: now(), signal: this.#abort.signal },
        onProgress: (next, done, total) => {
          if (next !== stage) void write({ what: 'stage', text: next });
          stage = next;
          Object.assign(this.#current ?? {}, { stage: next, done, total });
        },
      };
      // Whoever began it: a run that did not see what is under embargo would find it anew.
      const summary = await seeingAll(() => runMonth(this.#store, options));
      for (const warning of summary.warnings) await write({ what: 'warning', text: warning });
      await write({ what: 'done', text: `${summary.detections} detections, ${summary.issued} issued` });
      return summary;
    } catch (error) {
      await write({ what: 'failed', text: (error as Error).message });
      throw error;
    } finally {
      this.#current = null;
    }
  }
}
