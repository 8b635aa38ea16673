import { resolve } from 'node:path';
import { Command } from 'commander';
import { listLayers } from '../../services/store/layers.ts';
import { importLayer } from '../../services/zones/import-layer.ts';
import { dateName } from './options.ts';
import { printJson, printTable } from './output.ts';
import { type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface ImportArguments extends WorkspaceArguments {
  layer: string;
  validFrom: string;
}

export function zonesCommand(): Command {
  const zones = new Command('zones').description('the layers that patches are laid over');
  workspaceOptions(zones.command('import'))
    .description('import a layer; importing it again makes a new version')
    .argument('<file>', 'GeoJSON FeatureCollection, lon/lat')
    .requiredOption('--layer <name>', 'districts, farmland, permanent-basic-farmland, red-line, approvals or your own')
    .requiredOption('--valid-from <date>', 'first day the zones are valid, YYYY-MM-DD', dateName)
    .action(importFile);
  workspaceOptions(zones.command('list')).description('list the layers and their versions').action(list);
  return zones;
}

async function importFile(file: string, options: ImportArguments): Promise<void> {
  const { layer, validFrom } = options;
  const result = await withWorkspace(options, ({ store }) =>
    importLayer(store, { path: resolve(file), layer, validFrom, now: new Date() }),
  );
  if (options.json) return printJson(result);
  const hectares = (result.areaM2 / 10_000).toFixed(2);
  const note = result.alreadyImported ? ' (was already imported)' : '';
  process.stdout.write(`${layer}: ${result.features} zones, ${hectares} ha, valid from ${validFrom}${note}\n`);
  for (const { featureId, what } of result.repaired) process.stdout.write(`  repaired ${featureId}: ${what}\n`);
}

async function list(options: WorkspaceArguments): Promise<void> {
  const layers = await withWorkspace(options, ({ store }) => listLayers(store.db));
  if (options.json) return printJson(layers);
  printTable(
    ['layer', 'valid from', 'zones', 'imported', 'file'],
    layers.map((layer) => [layer.name, layer.validFrom, String(layer.featureCount), layer.importedAt, layer.path]),
  );
}
