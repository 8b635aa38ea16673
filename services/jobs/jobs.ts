import type { Transaction } from 'kysely';
import type { Database } from '../store/schema.ts';

/*
 * job      one piece of work, named by kind and key; its payload is JSON and wholly determined by the two
 * runner   what computes: the thread pool here, other machines later
 * commit   what the caller does with a result, in the transaction that also marks the job done
 */

/** Work to be done once. This interface is what services know; how jobs are kept and run is behind it. */
export interface Jobs {
  /** Adds a job in the caller's transaction. The same kind and key again is the same job: nothing happens. */
  enqueue(trx: Transaction<Database>, kind: string, key: string, payload: unknown): Promise<void>;
  /**
   * Runs every job of the selection that is not done, and returns when none is left to try. Jobs that a
   * killed process left running are begun again, and those that failed in an earlier drain too, so the
   * caller holds a lock that keeps a second drain of the same jobs away. Jobs finish in any order.
   */
  drain<Result>(options: DrainOptions<Result>): Promise<DrainSummary>;
}

export interface Job {
  id: string;
  kind: string;
  key: string;
  payload: unknown;
}

/** Computes: ThreadPool, or a function in a test. */
export interface Runner {
  /** How many jobs it takes at a time. */
  readonly size: number;
  run(kind: string, payload: unknown, options: { timeoutMs?: number }): Promise<unknown>;
}

/** Which jobs: of these kinds and with this beginning of their key; a missing condition means any. */
export interface JobSelection {
  kinds?: readonly string[];
  keyPrefix?: string;
}

export interface DrainOptions<Result> extends JobSelection {
  pool: Runner;
  /**
   * Writes the result, in the transaction that marks the job done: both happen or neither. It must use
   * `trx` only (the store's own connection would wait for this transaction for ever) and compute nothing long.
   */
  commit(trx: Transaction<Database>, job: Job, result: Result): Promise<void>;
  /** Called after every job, and once at the beginning. Counts include what earlier drains did. */
  onProgress?(progress: DrainProgress): void;
  /** How often a job is tried in all before it counts as failed; 3 unless given. */
  attempts?: number;
  timeoutMs?: number;
  /** When it aborts, jobs in work are finished and no more are begun. */
  signal?: AbortSignal;
}

export interface DrainProgress {
  done: number;
  failed: number;
  total: number;
}

export interface DrainSummary extends DrainProgress {
  /** Jobs that a killed process had left running. */
  interrupted: number;
  /** Attempts that failed and were repeated. */
  retried: number;
  /** Jobs never tried to the end, because the drain was aborted. */
  left: number;
  /** The failed jobs in order of kind and key, each with its last error. */
  failures: { kind: string; key: string; error: Error }[];
}
