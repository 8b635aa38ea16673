import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { importLayer, type LayerImport } from '../../services/zones/import/import-layer.ts';
import { crsName, dateName, workerCount } from './options.ts';
import { printJson } from './output.ts';
import { ProgressBar } from './progress.ts';
import { type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';
import { countsLine, noteLines } from './zones-report.ts';

/** Lines of a report that are printed; `zones report` has all. */
const PRINTED = 20;

interface ImportArguments extends WorkspaceArguments {
  layer: string;
  validFrom: string;
  district?: string;
  completeTo?: string;
  crs?: string;
  encoding?: string;
  sourceLayer?: string;
  field?: Record<string, string>;
  idField?: string;
  strict?: boolean;
  workers?: number;
}

export function zonesImportCommand(): Command {
  return workspaceOptions(new Command('import'))
    .description('import a layer; importing it again makes a new version')
    .argument('<file>', 'shapefile (loose or zipped), GeoPackage, GeoJSON, GeoJSONSeq, FlatGeobuf, or a folder of them')
    .requiredOption('--layer <name>', 'a name `zones roles` lists, e.g. districts, farmland, approvals; or your own')
    .requiredOption('--valid-from <date>', 'first day the zones are valid, YYYY-MM-DD', dateName)
    .option('--district <code>', 'the file speaks for this district only; other districts keep their zones')
    .option('--complete-to <date>', 'last day of which the layer is known to be complete', dateName)
    .option('--crs <crs>', 'CRS of the coordinates, e.g. EPSG:4526, where the file says none or a wrong one', crsName)
    .option('--encoding <name>', 'encoding of the text, e.g. gbk, where the file says none or a wrong one')
    .option('--source-layer <name>', 'the table of a GeoPackage or the file of a zip, where there are several')
    .option('--field <from=to>', 'rename a field; may be given several times', renaming)
    .option('--id-field <name>', "the field that holds the features' ids")
    .option('--strict', 'refuse the file where a feature of it cannot be used')
    .option('--workers <n>', 'threads', workerCount)
    .action(importFile);
}

async function importFile(file: string, options: ImportArguments): Promise<void> {
  const { layer, validFrom, district, field, home: _, json, ...rest } = options;
  const bar = new ProgressBar();
  const began = performance.now();
  const result = await withWorkspace(options, ({ store }) =>
    importLayer(store, {
      ...rest,
      path: resolve(file),
      layer,
      validFrom,
      ...(district !== undefined && { scope: district }),
      ...(field !== undefined && { fields: field }),
      now: new Date(),
      onProgress: (done, total) => {
        const rate = Math.round(done / ((performance.now() - began) / 1000));
        bar.draw(`${layer}, ${rate.toLocaleString('en')} rows/s`, done, total ?? 0);
      },
    }),
  );
  bar.clear();
  if (json) return printJson(result);
  print(result, options, (performance.now() - began) / 1000);
}

function print(result: LayerImport, { layer, validFrom, completeTo }: ImportArguments, seconds: number): void {
  const out = (line: string): void => void process.stdout.write(`${line}\n`);
  const hectares = (result.areaM2 / 10_000).toFixed(2);
  if (result.alreadyImported) {
    out(
      `${layer}: ${result.features} zones, ${hectares} ha, were imported before${completeTo === undefined ? '' : `; complete to ${completeTo}`}`,
    );
    return;
  }
  const rate = Math.round(result.features / seconds).toLocaleString('en');
  out(`${layer}: ${result.features} zones, ${hectares} ha, valid from ${validFrom} (${rate} rows/s)`);
  if (result.resumedFrom > 0) out(`  went on after feature ${result.resumedFrom}, where an import was broken off`);
  out(`  CRS ${result.crs}; text ${result.encoding}; ids from ${result.idsFrom}`);
  out(`  ${countsLine(result.notes)}`);
  const lines = noteLines(result.shown);
  for (const line of lines.slice(0, PRINTED)) out(`  ${line}`);
  const notes = Object.values(result.notes).reduce((sum, count) => sum + count, 0);
  if (lines.length > PRINTED || lines.length < notes) out(`  each by itself: tuban zones report ${result.layerId}`);
}

function renaming(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [from, to, ...rest] = text.split('=').map((part) => part.trim());
  if (!from || !to || rest.length > 0) throw new InvalidArgumentError(`Wanted FROM=TO, got '${text}'.`);
  return { ...before, [from]: to };
}
