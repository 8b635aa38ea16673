import { join } from 'node:path';
import { Command } from 'commander';
import { isPrepared, prepareDemonstration } from '../../services/demonstration/workspace.ts';
import { monthTable } from '../../services/queue/month-table.ts';
import { readMeta } from '../../services/store/meta.ts';
import type { Store } from '../../services/store/open.ts';
import { listRuns } from '../../services/store/runs.ts';
import { listScenes } from '../../services/store/scenes.ts';
import { ProgressBar } from './progress.ts';
import { describeRun } from './run.ts';
import { type ServeArguments, serveOptions, serveUntilStopped } from './serve.ts';
import { printMonthTable } from './tables.ts';
import { clockOf, type Workspace, withWorkspace } from './workspace.ts';

export function startCommand(): Command {
  return serveOptions(new Command('start'))
    .description('serve the workspace; with nothing configured, prepare a simulated demonstration first')
    .action((options: ServeArguments) => withWorkspace(options, (workspace) => start(workspace, options)));
}

async function start(workspace: Workspace, options: ServeArguments): Promise<void> {
  // Who names an inbox has images to come.
  if (options.inbox === undefined && (await wantsDemonstration(workspace.store))) await demonstrate(workspace);
  else await remind(workspace.store);
  await serveUntilStopped(workspace, options);
}

/** Where things stand, for who starts again. */
async function remind(store: Store): Promise<void> {
  const now = (await clockOf(store))();
  const done = (await listRuns(store.db)).filter((run) => run.state === 'done');
  for (const month of new Set(done.map((run) => run.month).reverse()))
    printMonthTable(await monthTable(store, month, now));
  process.stdout.write((await readMeta(store.db, 'simulated')) === '1' ? '\nSIMULATED (模拟数据).\n\n' : '\n');
}

/** An empty workspace becomes a demonstration; one begun is finished; anything else is left alone. */
async function wantsDemonstration(store: Store): Promise<boolean> {
  if ((await readMeta(store.db, 'simulated')) === '1') return !(await isPrepared(store));
  return (await listScenes(store.db, { includeRemoved: true })).length === 0;
}

async function demonstrate({ store, home, configuration }: Workspace): Promise<void> {
  process.stderr.write(
    'Preparing a SIMULATED county (模拟数据): images, layers, approvals and violations are made up.\n',
  );
  const bar = new ProgressBar();
  const began = performance.now();
  let announced = '';
  await prepareDemonstration(store, {
    home,
    directory: join(home, 'simulated'),
    workers: configuration.workers,
    onStage: (stage, done, total) => {
      // Without a terminal there is no bar, so each stage is said once.
      if (stage !== announced && !process.stderr.isTTY) process.stderr.write(`${stage} …\n`);
      announced = stage;
      bar.draw(stage, done, total);
    },
    onMonth: async ({ month, at, planted, run }) => {
      bar.clear();
      printMonthTable(await monthTable(store, month, at), planted);
      process.stdout.write(`${describeRun(run)}\n`);
    },
  }).finally(() => bar.clear());
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stdout.write(
    `\nSIMULATED. recall = planted changes found / first clearly visible in the month. Ready in ${seconds} s.\n\n`,
  );
}
