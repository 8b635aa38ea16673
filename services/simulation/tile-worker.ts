import { parentPort, workerData } from 'node:worker_threads';
import { writeTiff } from '../../imagery/tiff/writer.ts';
import { tileGrid } from './placement.ts';
import { planCounty } from './plan.ts';
import { createTilePainter } from './tile.ts';
import type { TileJob, TileMessage, TileOrder } from './tile-crew.ts';

/** Thread: plans the same county as everybody, then draws the tiles it is given until it is given none. */
const port = parentPort;
if (port === null) throw new Error('tile-worker.ts must be started as a worker thread, but was run on its own.');

const order = workerData as TileOrder;
const plan = planCounty(order.seed, order);
const painter = createTilePainter(plan);
const say = (message: TileMessage) => port.postMessage(message);

async function paint(job: TileJob): Promise<void> {
  for (const { index, path } of job.scenes) {
    const acquisition = plan.acquisitions[index];
    const bands = painter.paint(acquisition);
    await writeTiff(path, tileGrid(order, acquisition.column, acquisition.row), bands, { nodata: 0, compress: 'none' });
    say({ kind: 'scene' });
  }
}

port.on('message', (job: TileJob | null) => {
  if (job === null) {
    port.close();
    return;
  }
  paint(job).then(
    () => say({ kind: 'ready' }),
    (error: Error) => say({ kind: 'failed', reason: error.message }),
  );
});
say({ kind: 'ready' });
