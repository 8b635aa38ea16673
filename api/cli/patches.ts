import { Command } from 'commander';
import { FILTER_NAMES, parsePatchFilter } from '../../services/queue/filter.ts';
import { listPatches } from '../../services/queue/list.ts';
import { printJson, printTable } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

const most = 10_000;

type ListArguments = WorkspaceArguments & Partial<Record<(typeof FILTER_NAMES)[number], string>>;

export function patchesCommand(): Command {
  const patches = new Command('patches').description('the queue');
  workspaceOptions(patches.command('list'))
    .description('list patches')
    .option('--month <month>', 'YYYY-MM')
    .option('--district <code>', 'district code or its first digits')
    .option('--layer <names>', 'lying in any of these layers')
    .option('--state <states>', 'in any of these states')
    .option('--stage <stage>', 'find, warn or resolve')
    .option('--type <types>', 'of any of these types')
    .option('--min-area <m2>', 'at least this large')
    .option('--bbox <box>', 'minLon,minLat,maxLon,maxLat')
    .option('--overdue <yes>', 'true or false')
    .action(list);
  return patches;
}

async function list(options: ListArguments): Promise<void> {
  const values = Object.fromEntries(FILTER_NAMES.map((name) => [name, options[name]]));
  const page = await withWorkspace(options, async ({ store }) => {
    const now = await clockOf(store);
    return listPatches(store, parsePatchFilter(values, now()), { limit: most });
  });
  if (options.json) return printJson(page);
  printTable(
    ['number', 'district', 'type', 'm²', '亩', 'state', 'due', 'layers'],
    page.patches.map((patch) => [
      patch.number,
      patch.districtName,
      patch.type,
      patch.areaM2.toFixed(0),
      (patch.areaM2 * 0.0015).toFixed(2),
      patch.state,
      patch.dueAt?.slice(0, 10) ?? '',
      patch.layers.join(', '),
    ]),
  );
  process.stdout.write(`${page.patches.length} of ${page.total} patches\n`);
}
