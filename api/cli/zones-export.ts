import { Command } from 'commander';
import { localDay } from '../../services/local-time.ts';
import { parsePatchFilter } from '../../services/queue/filter.ts';
import { exportLayer } from '../../services/zones/export/export-layer.ts';
import { describeExport, type ExportArguments, exportOptions, exportTarget } from './export-options.ts';
import { dateName } from './options.ts';
import { printJson } from './output.ts';
import { ProgressBar } from './progress.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

type ZonesExportArguments = WorkspaceArguments & ExportArguments & { date?: string; district?: string; bbox?: string };

/** `tuban zones export LAYER OUT` */
export function zonesExportCommand(): Command {
  const command = new Command('export')
    .description('write a layer as Shapefile, GeoPackage, GeoJSON, GeoJSONSeq or CSV, with the columns it came with')
    .argument('<layer>', 'name of a layer')
    .argument('<out>', 'file to be written: .shp, .gpkg, .geojson, .geojsonl or .csv')
    .option('--date <date>', 'what is valid on this day, YYYY-MM-DD (default: today)', dateName)
    .option('--district <code>', 'only zones in this district: code or its first digits')
    .option('--bbox <box>', 'only zones that meet minLon,minLat,maxLon,maxLat');
  return exportOptions(workspaceOptions(command))
    .addHelpText('after', '\nExample:\n  tuban zones export farmland 耕地.shp --encoding gbk --crs EPSG:4526')
    .action(exportZones);
}

async function exportZones(layer: string, out: string, options: ZonesExportArguments): Promise<void> {
  const bar = new ProgressBar();
  const target = await exportTarget(out, options, bar);
  const { district = '', bbox = '' } = options;
  const exported = await withWorkspace(options, async ({ store }) => {
    const now = (await clockOf(store))();
    const filter = parsePatchFilter({ district, bbox }, now);
    const request = {
      ...{ layer, date: options.date ?? localDay(now) },
      ...(filter.district && { district: filter.district }),
      ...(filter.bbox && { box: filter.bbox }),
    };
    return exportLayer(store, request, target);
  }).finally(() => bar.clear());
  if (options.json) return printJson(exported);
  process.stdout.write(describeExport(`图层 ${layer} zones`, exported));
}
