import type { Expression, ExpressionBuilder, Kysely, SqlBool, Transaction } from 'kysely';
import type { Database, JobTable } from '../store/schema.ts';
import type { DrainOptions, DrainSummary, Job, JobSelection, Jobs } from './jobs.ts';

const DEFAULT_ATTEMPTS = 3;

/** Jobs kept in the store's own database, run by whatever pool the drain is given. */
export function databaseJobs(db: Kysely<Database>, now: () => Date = () => new Date()): Jobs {
  return {
    enqueue: (trx, kind, key, payload) => enqueue(trx, kind, key, payload, now()),
    drain: (options) => new Drain(db, options, now).run(),
  };
}

async function enqueue(trx: Transaction<Database>, kind: string, key: string, payload: unknown, at: Date) {
  const [payloadJson, createdAt] = [JSON.stringify(payload ?? null), at.toISOString()];
  const times = { createdAt, updatedAt: createdAt };
  await trx
    .insertInto('jobs')
    .values({ id: `${kind}/${key}`, kind, key, payloadJson, state: 'queued', attempts: 0, error: null, ...times })
    .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
    .execute();
}

/** One drain, from the first look at the queue to its summary. */
class Drain<Result> {
  readonly #db: Kysely<Database>;
  readonly #options: DrainOptions<Result>;
  readonly #now: () => Date;
  readonly #summary: DrainSummary = { done: 0, failed: 0, total: 0, interrupted: 0, retried: 0, left: 0, failures: [] };

  constructor(db: Kysely<Database>, options: DrainOptions<Result>, now: () => Date) {
    this.#db = db;
    this.#options = options;
    this.#now = now;
  }

  async run(): Promise<DrainSummary> {
    const summary = this.#summary;
    summary.interrupted = await this.#requeue('running', {});
    await this.#requeue('failed', { attempts: 0, error: null });
    summary.done = await this.#count('done');
    let queued = await this.#queued();
    summary.total = summary.done + queued.length;
    this.#report();
    // Retries, and jobs that a commit has enqueued, come in the next round.
    for (; queued.length > 0 && !this.#options.signal?.aborted; queued = await this.#queued()) {
      summary.total = summary.done + summary.failed + queued.length;
      await this.#runAll(queued);
    }
    summary.left = queued.length;
    summary.failures.sort((a, b) => (`${a.kind}/${a.key}` < `${b.kind}/${b.key}` ? -1 : 1));
    return summary;
  }

  /** Keeps the pool full until all ids have been tried once. Throws when the store itself fails. */
  async #runAll(ids: readonly string[]): Promise<void> {
    const next = ids.values();
    let stopped = false;
    const takeTurns = async () => {
      for (const id of next) {
        if (stopped || this.#options.signal?.aborted) return;
        await this.#runOne(id);
      }
    };
    const turns = Array.from({ length: this.#options.pool.size }, () =>
      takeTurns().catch((error: unknown) => {
        stopped = true;
        throw error;
      }),
    );
    const broken = (await Promise.allSettled(turns)).find((turn) => turn.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
  }

  async #runOne(id: string): Promise<void> {
    const row = await this.#claim(id);
    if (row === undefined) return;
    const job: Job = { id: row.id, kind: row.kind, key: row.key, payload: JSON.parse(row.payloadJson) };
    const { pool, timeoutMs } = this.#options;
    try {
      const result = await pool.run(job.kind, job.payload, timeoutMs === undefined ? {} : { timeoutMs });
      await this.#complete(job, result as Result);
    } catch (error) {
      await this.#recordFailure(row, error instanceof Error ? error : new Error(String(error)));
    }
    this.#report();
  }

  #claim(id: string) {
    return this.#db
      .updateTable('jobs')
      .set({ state: 'running', updatedAt: this.#now().toISOString() })
      .where('id', '=', id)
      .where('state', '=', 'queued')
      .returningAll()
      .executeTakeFirst();
  }

  async #complete(job: Job, result: Result): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await this.#options.commit(trx, job, result);
      const values = { state: 'done', error: null, updatedAt: this.#now().toISOString() } as const;
      const update = trx.updateTable('jobs').set(values).where('id', '=', job.id).where('state', '=', 'running');
      const { numUpdatedRows } = await update.executeTakeFirst();
      if (numUpdatedRows !== 1n) throw new Error(`Job ${job.id} was taken over by another drain.`);
    });
    this.#summary.done++;
  }

  async #recordFailure(row: JobTable, error: Error): Promise<void> {
    // Stopping is nobody's failure: the pool may have been closed under a job in work.
    const isStopped = this.#options.signal?.aborted === true;
    const attempts = isStopped ? row.attempts : row.attempts + 1;
    const isFinal = !isStopped && (isDeterministic(error) || attempts >= (this.#options.attempts ?? DEFAULT_ATTEMPTS));
    const state = isFinal ? 'failed' : 'queued';
    await this.#db
      .updateTable('jobs')
      .set({ state, attempts, error: error.message, updatedAt: this.#now().toISOString() })
      .where('id', '=', row.id)
      .where('state', '=', 'running')
      .execute();
    if (isFinal) {
      this.#summary.failed++;
      this.#summary.failures.push({ kind: row.kind, key: row.key, error });
    } else if (!isStopped) {
      this.#summary.retried++;
    }
  }

  async #requeue(from: JobTable['state'], reset: Partial<JobTable>): Promise<number> {
    const values = { ...reset, state: 'queued', updatedAt: this.#now().toISOString() } as const;
    const update = this.#db.updateTable('jobs').set(values).where('state', '=', from);
    const result = await update.where((eb) => isSelected(eb, this.#options)).executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  async #queued(): Promise<string[]> {
    const query = this.#db.selectFrom('jobs').select('id').where('state', '=', 'queued');
    const selected = query.where((eb) => isSelected(eb, this.#options));
    return (await selected.orderBy('kind').orderBy('key').execute()).map((row) => row.id);
  }

  async #count(state: JobTable['state']): Promise<number> {
    const query = this.#db.selectFrom('jobs').select((eb) => eb.fn.countAll<number>().as('count'));
    const selected = query.where('state', '=', state).where((eb) => isSelected(eb, this.#options));
    return (await selected.executeTakeFirstOrThrow()).count;
  }

  #report(): void {
    const { done, failed, total } = this.#summary;
    this.#options.onProgress?.({ done, failed, total });
  }
}

function isSelected(eb: ExpressionBuilder<Database, 'jobs'>, selection: JobSelection): Expression<SqlBool> {
  const { kinds, keyPrefix } = selection;
  const conditions: Expression<SqlBool>[] = [];
  if (kinds !== undefined) conditions.push(eb.or(kinds.map((kind) => eb('kind', '=', kind))));
  if (keyPrefix !== undefined) {
    conditions.push(eb('key', '>=', keyPrefix), eb('key', '<', `${keyPrefix}\uffff`));
  }
  return eb.and(conditions);
}

/**
 * Bad input fails the same way however often it is tried. 'job-failed' is what a crashed, hung or
 * memory-starved thread gives: that may go better the next time.
 */
function isDeterministic(error: Error): boolean {
  const code = (error as { code?: unknown }).code;
  return error.name === 'ImageryError' || (error.name === 'ServiceError' && code !== 'job-failed');
}
