import { Command } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { lateReport } from '../../services/late/report.ts';
import { findPatchNamed } from '../../services/store/queue.ts';
import { verdictsOfPatch } from '../../services/store/watch.ts';
import { watchList } from '../../services/watch/figures.ts';
import { recheckMonth } from '../../services/watch/recheck.ts';
import { monthName, workerCount } from './options.ts';
import { printJson } from './output.ts';
import { ProgressBar } from './progress.ts';
import { printLate, printPatchVerdicts, printRechecked, printWatchList } from './watch-tables.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

export function watchCommand(): Command {
  const watch = new Command('watch').description(
    '销号后复核 — what images show of patches that were closed; late images',
  );
  workspaceOptions(watch.command('list'))
    .description('what the months showed of closed patches, and how they stand by district')
    .option('--month <month>', 'only the images of that month, YYYY-MM', monthName)
    .option('--district <code>', 'district code or its first digits (default: all)', '')
    .addHelpText('after', '\nExample: tuban watch list --month 2025-08')
    .action(list);
  workspaceOptions(watch.command('show'))
    .description('all looks at one closed patch: what was claimed, images, shares, why, and what followed')
    .argument('<patch>', 'number (JCBH) or id')
    .addHelpText('after', '\nExample: tuban watch show 4304212025060001')
    .action(show);
  workspaceOptions(watch.command('recheck'))
    .description('look at closed patches once more in the images of a month that was run, those closed since too')
    .argument('<month>', 'YYYY-MM', monthName)
    .option('--workers <n>', 'worker threads (default: one per core)', workerCount)
    .addHelpText('after', '\nExample: tuban watch recheck 2025-08')
    .action(recheck);
  workspaceOptions(watch.command('late'))
    .description('images that came late, were replaced or withdrawn: what the next run deals with, and what was done')
    .addHelpText('after', '\nExample: tuban watch late --json')
    .action(late);
  return watch;
}

async function list({ month, district, ...options }: WorkspaceArguments & { month?: string; district: string }) {
  const found = await withWorkspace(options, ({ store }) => watchList(store, { month, district }));
  if (options.json) return printJson({ ...found, verdicts: found.verdicts.map(readable) });
  printWatchList(found);
}

async function show(name: string, options: WorkspaceArguments) {
  const { patch, verdicts } = await withWorkspace(options, async ({ store }) => {
    const patch = await findPatchNamed(store.db, name);
    if (patch === null) throw new ServiceError('not-found', `There is no patch ${name}.`);
    return { patch, verdicts: await verdictsOfPatch(store.db, patch.id) };
  });
  if (options.json) return printJson({ patch: patch.number, state: patch.state, verdicts: verdicts.map(readable) });
  printPatchVerdicts(patch, verdicts);
}

async function recheck(month: string, options: WorkspaceArguments & { workers?: number }) {
  const bar = new ProgressBar();
  const result = await withWorkspace(options, async ({ store, configuration }) =>
    recheckMonth(store, month, {
      workers: options.workers ?? configuration.workers,
      now: (await clockOf(store))(),
      onProgress: (done, total) => bar.draw('watch', done, total),
    }),
  ).finally(() => bar.clear());
  if (options.json) printJson(result);
  else printRechecked(month, result);
}

async function late(options: WorkspaceArguments) {
  const report = await withWorkspace(options, ({ store }) => lateReport(store));
  if (options.json) printJson(report);
  else printLate(report);
}

function readable<T extends { evidenceJson: string }>({ evidenceJson, ...row }: T) {
  return { ...row, evidence: JSON.parse(evidenceJson) as unknown };
}
