import { Command } from 'commander';
import { MU_PER_M2 } from '../../services/queue/detail.ts';
import { exportPatches } from '../../services/zones/export/export-patches.ts';
import { describeExport, type ExportArguments, exportOptions, exportTarget } from './export-options.ts';
import { printJson } from './output.ts';
import { type PatchFilterArguments, patchFilterOf, patchFilterOptions } from './patch-filters.ts';
import { ProgressBar } from './progress.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

type PatchesExportArguments = WorkspaceArguments & PatchFilterArguments & ExportArguments & { allFields?: boolean };

/** `tuban patches export OUT` */
export function patchesExportCommand(): Command {
  const command = new Command('export')
    .description('write patches with the exchange fields (XZQDM, JCBH, TBLX, MJ …); filters as for list')
    .argument('<out>', 'file to be written: .shp, .gpkg, .geojson, .geojsonl or .csv');
  return exportOptions(patchFilterOptions(workspaceOptions(command)))
    .option('--all-fields', 'also state, due, score and what else is known')
    .addHelpText(
      'after',
      '\nSFYN and SFHX say 是 for any overlap with permanent basic farmland and the red line, and nothing where that' +
        '\nlayer was never imported. DLBM and DLMC are of the parcel under most of the patch.' +
        '\n\nExample:\n  tuban patches export 6月图斑.shp --month 2025-06 --encoding gbk',
    )
    .action(exportFiltered);
}

async function exportFiltered(out: string, options: PatchesExportArguments): Promise<void> {
  const bar = new ProgressBar();
  const target = await exportTarget(out, options, bar);
  const exported = await withWorkspace(options, async ({ store }) => {
    const now = (await clockOf(store))();
    const allFields = options.allFields ?? false;
    return exportPatches(store, patchFilterOf(options, now), { ...target, allFields, at: now });
  }).finally(() => bar.clear());
  if (options.json) return printJson(exported);
  const area = `${exported.areaM2.toFixed(0)} m², ${(exported.areaM2 * MU_PER_M2).toFixed(2)} 亩`;
  process.stdout.write(describeExport(`图斑 patches (${area})`, exported));
}
