import { Command, Option } from 'commander';
import { indexMethods, methods } from '../../detectors/model.ts';
import type { MethodChoice } from '../../services/detection/choose-method.ts';
import { giveWay } from '../../services/jobs/give-way.ts';
import { runMonth } from '../../services/month/run.ts';
import type { RunSummary } from '../../services/month/summary.ts';
import { monthTable } from '../../services/queue/month-table.ts';
import { monthName, workerCount } from './options.ts';
import { printJson } from './output.ts';
import { ProgressBar } from './progress.ts';
import { printMonthTable } from './tables.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface RunArguments extends WorkspaceArguments {
  month: string;
  method: MethodChoice;
  workers?: number;
}

export function runCommand(): Command {
  return workspaceOptions(new Command('run'))
    .description('run a month: compare its images with the latest clear look before, and fill the queue')
    .requiredOption('--month <month>', 'YYYY-MM', monthName)
    .addOption(
      new Option('--method <name>', 'change score; auto: what fits each pair of scenes')
        .choices(['auto', ...methods, ...indexMethods])
        .default('auto'),
    )
    .option('--workers <n>', 'worker threads (default: one per core)', workerCount)
    .addHelpText('after', '\nA run that was stopped goes on where it was; a finished one is not repeated.')
    .action(run);
}

async function run(options: RunArguments): Promise<void> {
  // A server may be answering on the same machine.
  giveWay();
  const bar = new ProgressBar();
  await withWorkspace(options, async ({ store, configuration }) => {
    const now = await clockOf(store);
    const summary = await runMonth(store, {
      month: options.month,
      method: options.method,
      workers: options.workers ?? configuration.workers,
      now: now(),
      onProgress: (stage, done, total) => bar.draw(stage, done, total),
    }).finally(() => bar.clear());
    if (options.json) return printJson(summary);
    printMonthTable(await monthTable(store, options.month, now()));
    process.stdout.write(`${describeRun(summary)}\n`);
  });
}

export function describeRun(summary: RunSummary): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const held = summary.screened['outside-protected'] + summary.screened['farming-type'];
  const lines = [
    `${summary.detections} detections: ${summary.issued} issued, ${summary.known} at places already open, ${summary.seenAgain ?? 0} as seen before, ${summary.broughtBack ?? 0} brought back, ${held} kept back by rule`,
    ...leadLine(summary),
    `observed ${percent(summary.observedFraction)}, cloud ${percent(summary.cloudFraction)}; changed with the season ${percent(summary.seasonalFraction)}`,
    ...(summary.methods ?? []).map(
      ({ method, why, pairs }) => `method ${method}, ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}: ${why}`,
    ),
    ...summary.warnings.map((warning) => `warning: ${warning}`),
  ];
  return lines.join('\n');
}

function leadLine({ leads = 0, leadsTold = 0 }: RunSummary): string[] {
  if (leads + leadsTold === 0) return [];
  return [
    `项目线索 leads: ${leads} zones of projects found idle, lost or late; ${leadsTold} known ones stand otherwise now`,
  ];
}
