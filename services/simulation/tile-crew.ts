import { Worker } from 'node:worker_threads';
import { ServiceError } from '../error.ts';
import type { Tiling } from './acquisitions.ts';

/** The missing scenes of one tile: one thread draws them together, because they share their ground. */
export interface TileJob {
  scenes: { /** Place in the plan's acquisitions. */ index: number; path: string }[];
}

/** What a thread is told once. */
export interface TileOrder extends Tiling {
  seed: number;
}

export type TileMessage = { kind: 'ready' } | { kind: 'scene' } | { kind: 'failed'; reason: string };

/**
 * Draws and writes all jobs on `workers` threads, each taking the next job when it has done one.
 * @param onScene called after each scene is on disk
 * @throws ServiceError job-failed: the first failure of any thread; the others are stopped
 */
export async function paintTiles(
  jobs: TileJob[],
  order: TileOrder,
  workers: number,
  onScene: () => void,
): Promise<void> {
  const waiting = [...jobs];
  const crew: Worker[] = [];
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./tile-worker.ts', import.meta.url), { workerData: order });
      crew.push(worker);
      worker.on('error', (error: Error) => reject(failure(error.message, error)));
      worker.on('exit', (code) => (code === 0 ? resolve() : reject(failure(`a thread ended with code ${code}`))));
      worker.on('message', (message: TileMessage) => {
        if (message.kind === 'failed') reject(failure(message.reason));
        else if (message.kind === 'scene') onScene();
        else worker.postMessage(waiting.shift() ?? null);
      });
    });
  try {
    await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, work));
  } finally {
    await Promise.all(crew.map((worker) => worker.terminate()));
  }
}

function failure(reason: string, cause?: Error): ServiceError {
  return new ServiceError('job-failed', `Simulated county: a scene could not be drawn: ${reason}.`, undefined, cause);
}
