import { deserialize, serialize } from 'node:v8';
import { detectorVersion } from '../../detectors/model.ts';
import type { Scene } from '../../imagery/scene.ts';
import type { CellResult } from '../detection/cell.ts';
import type { CellInput } from '../detection/cell-input.ts';
import type { LookPoint } from '../detection/cell-state.ts';
import { cellSizePx } from '../detection/cells.ts';
import type { EstimateInput } from '../detection/estimate.ts';
import { detectionJobs } from '../detection/job-limits.ts';
import { type PairModel, pairKey } from '../detection/scene-pair.ts';
import { cropStatesDecide } from '../detection/verdict.ts';
import { ServiceError } from '../error.ts';
import { databaseJobs } from '../jobs/database-jobs.ts';
import type { Job, Jobs } from '../jobs/jobs.ts';
import { ThreadPool } from '../jobs/threads.ts';
import { putCell, readCells } from '../store/cells.ts';
import type { Store } from '../store/open.ts';
import { recordPlan } from '../store/runs.ts';
import { lookPoints } from './look-points.ts';
import { type MethodTaken, methodsTaken } from './methods.ts';
import type { MonthPlan, PlannedCell } from './plan.ts';

/** How the comparing of a plan is done. */
export interface CompareOptions {
  workers: number;
  onProgress?: (stage: 'estimate' | 'compare', done: number, total: number) => void;
  /** When it aborts, cells in work are finished and kept, and the comparison ends as a failure that says so. */
  signal?: AbortSignal | undefined;
}

/**
 * Estimates the pairs that come first, then compares every cell of a plan whose run is recorded; results are kept cell
 * by cell, so that what was done before a kill is not done again.
 * @throws ServiceError job-failed naming what could not be done
 */
export async function compare(store: Store, plan: MonthPlan, options: CompareOptions): Promise<void> {
  const pool = new ThreadPool(options.workers, new URL('../detection/thread.ts', import.meta.url), detectionJobs);
  const jobs = databaseJobs(store.db);
  try {
    const points = pointsOfCells(plan, await lookPoints(store, plan));
    await store.db.transaction().execute(async (trx) => {
      for (const input of mainPairs(plan, points)) {
        const key = `${plan.id}:model:${pairKey(input.pair.before, input.pair.after)}`;
        await jobs.enqueue(trx, 'estimate-or-refuse', key, input);
      }
    });
    await drain(jobs, pool, plan, 'estimate-or-refuse', options);
    const models = await storedModels(store, plan.id);
    await recordPlan(store.db, plan.id, planRecord(plan, methodsTaken(models)));
    await store.db.transaction().execute(async (trx) => {
      for (const cell of plan.cells) {
        const input = cellInput(plan, cell, models, points.get(cell.key) as LookPoint[]);
        await jobs.enqueue(trx, 'cell', `${plan.id}:${cell.key}`, input);
      }
    });
    await drain(jobs, pool, plan, 'cell', options);
  } finally {
    await pool.close();
  }
}

/** The sample points of each cell, by its key. */
function pointsOfCells(plan: MonthPlan, points: LookPoint[]): Map<string, LookPoint[]> {
  const place = (column: number, row: number) => `${Math.floor(column / cellSizePx)} ${Math.floor(row / cellSizePx)}`;
  const byPlace = Map.groupBy(points, ({ column, row }) => place(column, row));
  return new Map(plan.cells.map(({ key, window }) => [key, byPlace.get(place(window.column, window.row)) ?? []]));
}

/** The pairs that most pixels are judged on, each once. */
function mainPairs(plan: MonthPlan, points: Map<string, LookPoint[]>): EstimateInput[] {
  const byId = new Map([...plan.afters, ...plan.befores].map((scene) => [scene.id, scene]));
  const pairs = new Map<string, EstimateInput>();
  for (const cell of plan.cells) {
    for (const { beforeId, afterId } of cell.mainPairs) {
      const [before, after] = [byId.get(beforeId) as Scene, byId.get(afterId) as Scene];
      const pair = { before, after, roles: plan.roles, method: plan.method };
      const key = pairKey(before, after);
      // One cell of the pair that needs the change score is enough for it to be fitted.
      const decided = cropStatesDecide({
        looks: points.get(cell.key) as LookPoint[],
        roles: plan.roles,
        grid: plan.grid,
      });
      pairs.set(key, { pair, grid: plan.grid, tiesOnly: (pairs.get(key)?.tiesOnly ?? true) && decided });
    }
  }
  return [...pairs.values()];
}

function cellInput(plan: MonthPlan, cell: PlannedCell, models: PairModel[], looks: LookPoint[]): CellInput {
  const scenes = (all: Scene[], ids: string[]) => all.filter((scene) => ids.includes(scene.id));
  const afters = scenes(plan.afters, cell.afterIds);
  const befores = scenes(plan.befores, cell.beforeIds);
  const keys = new Set(afters.flatMap((after) => befores.map((before) => pairKey(before, after))));
  return {
    key: cell.key,
    grid: plan.grid,
    window: cell.window,
    afters,
    befores,
    roles: plan.roles,
    method: plan.method,
    minPixels: plan.parameters.minPixels,
    models: models.filter((model) => keys.has(model.key)),
    looks,
    lookForClouds: true,
    withScore: false,
  };
}

async function drain(
  jobs: Jobs,
  pool: ThreadPool,
  plan: MonthPlan,
  kind: 'estimate-or-refuse' | 'cell',
  options: CompareOptions,
) {
  const stage = kind === 'cell' ? 'compare' : 'estimate';
  const done = await jobs.drain<PairModel | CellResult>({
    kinds: [kind],
    keyPrefix: `${plan.id}:`,
    pool,
    ...(options.signal && { signal: options.signal }),
    commit: (trx, job: Job, result) => {
      const key = job.key.slice(plan.id.length + 1);
      return putCell(trx, { runId: plan.id, key, district: null, result: serialize(result) });
    },
    onProgress: ({ done, total }) => options.onProgress?.(stage, done, total),
  });
  if (options.signal?.aborted) {
    const compared = `${done.done} of ${done.total} pieces of work are kept`;
    throw new ServiceError(
      'job-failed',
      `Month ${plan.month}: stopped; ${compared}, and the next start goes on there.`,
    );
  }
  const [failure] = done.failures;
  if (failure) {
    const others = done.failures.length > 1 ? ` (and ${done.failures.length - 1} more)` : '';
    throw new ServiceError('job-failed', `Month ${plan.month}: ${failure.error.message}${others}`, {}, failure.error);
  }
}

async function storedModels(store: Store, runId: string): Promise<PairModel[]> {
  const models: PairModel[] = [];
  for await (const { key, result } of readCells(store.db, runId)) {
    if (key.startsWith('model:')) models.push(deserialize(result) as PairModel);
  }
  return models;
}

/**
 * What the run rests on, for the record: enough to say in two years which bytes were compared and how.
 * @param methods what the pairs that come first are judged by; unknown until they are estimated
 */
export function planRecord(plan: MonthPlan, methods: MethodTaken[] | null): string {
  const scene = ({ id, sha256, date, sensor, bands }: Scene) => ({ id, sha256, date, sensor, bands });
  return JSON.stringify({
    month: plan.month,
    detectorVersion,
    method: plan.method,
    methods,
    roles: plan.roles,
    grid: plan.grid,
    afters: plan.afters.map(scene),
    befores: plan.befores.map(scene),
    layers: plan.layers,
    parameters: plan.parameters,
    cells: plan.cells.length,
  });
}
