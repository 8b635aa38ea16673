import { Command } from 'commander';
import { listPatches } from '../../services/queue/list.ts';
import { printJson, printTable } from './output.ts';
import { type PatchFilterArguments, patchFilterOf, patchFilterOptions } from './patch-filters.ts';
import { patchesExportCommand } from './patches-export.ts';
import { lineageCommands } from './patches-lineage.ts';
import { patchesShowCommand } from './patches-show.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

const most = 10_000;

type ListArguments = WorkspaceArguments & PatchFilterArguments;

export function patchesCommand(): Command {
  const patches = new Command('patches').description('the queue');
  patchFilterOptions(workspaceOptions(patches.command('list')))
    .description('list patches')
    .action(list);
  patches.addCommand(patchesExportCommand());
  patches.addCommand(patchesShowCommand());
  for (const command of lineageCommands()) patches.addCommand(command);
  return patches;
}

async function list(options: ListArguments): Promise<void> {
  const page = await withWorkspace(options, async ({ store }) => {
    const at = (await clockOf(store))();
    return listPatches(store, patchFilterOf(options, at), { limit: most, at });
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
