import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ScheduledRuns } from '../../services/schedule/monthly.ts';
import { isOfThisVersion } from '../../services/store/migrations/version.ts';
import type { Store } from '../../services/store/open.ts';

/** What is looked at before a supervisor sends requests here; null: it holds. Told to anybody, so no inner message. */
export type Checks = Record<'process' | 'database' | 'tables' | 'folder' | 'schedule', string | null>;

/** A tick that is late by this much will not come any more. */
const lateMs = 120_000;

/** A database that hangs is none. */
const patienceMs = 5_000;

/** Whether requests can be served: a server begins not to be ready, and ends so before it closes anything. */
export class Readiness {
  #phase: 'starting' | 'serving' | 'stopping' = 'starting';
  #schedule: ScheduledRuns | null = null;
  readonly #home: string | undefined;

  /** @param home the workspace folder, where one must be writable */
  constructor(home?: string) {
    this.#home = home;
  }

  /** All that belongs to the server has begun; with no schedule, no month is run by itself. */
  serve(schedule: ScheduledRuns | null = null): this {
    this.#phase = 'serving';
    this.#schedule = schedule;
    return this;
  }

  stop(): void {
    this.#phase = 'stopping';
  }

  nextRun(): Date | null {
    return this.#phase === 'serving' ? (this.#schedule?.next() ?? null) : null;
  }

  /** @param at by the machine's own clock, which the schedule goes by */
  async checks(store: Store, at: Date): Promise<Checks> {
    const current = await within(isOfThisVersion(store)).catch(() => null);
    const next = this.#schedule?.next() ?? null;
    const ticks = this.#schedule === null || (next !== null && next.getTime() > at.getTime() - lateMs);
    return {
      process: this.#phase === 'serving' ? null : this.#phase,
      database: current === null ? 'does not answer' : null,
      tables: current === false ? 'are of another version of the program' : null,
      folder: (await this.#isWritable()) ? null : 'cannot be written to',
      schedule: ticks ? null : 'has stopped',
    };
  }

  async #isWritable(): Promise<boolean> {
    if (this.#home === undefined) return true;
    const problem = await problemOf(this.#home);
    // Beside a PostgreSQL database the folder is made with the first file that is kept.
    return problem === null || (problem === 'ENOENT' && (await problemOf(dirname(this.#home))) === null);
  }
}

function problemOf(folder: string): Promise<string | null> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? 'unknown',
  );
}

function within<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('late')), patienceMs);
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
