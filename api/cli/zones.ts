import { Command } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { countLayerNotes, listLayerNotes, listLayers, updateLayer } from '../../services/store/layers.ts';
import { LAYER_ROLES } from '../../services/zones/layer-roles.ts';
import { dateName } from './options.ts';
import { printJson, printTable } from './output.ts';
import { type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';
import { zonesExportCommand } from './zones-export.ts';
import { zonesImportCommand } from './zones-import.ts';
import { countsLine, versionNamed } from './zones-report.ts';

export function zonesCommand(): Command {
  const zones = new Command('zones').description('the layers that patches are laid over');
  zones.addCommand(zonesImportCommand());
  workspaceOptions(zones.command('list')).description('list the layers and their versions').action(list);
  zones
    .command('roles')
    .description('list the layers that are known by name')
    .option('--json', 'as JSON')
    .action(roles);
  workspaceOptions(zones.command('report'))
    .description('what was repaired, left out or found outside when a layer was imported')
    .argument('<layer>', 'name of a layer, or id of a version')
    .option('--kind <kind>', 'repaired, rejected, outside or note')
    .action(report);
  workspaceOptions(zones.command('complete'))
    .description('say up to which day a layer is known to be complete; without it, what it lacks is in doubt')
    .argument('<layer>', 'name of a layer (its newest version), or id of a version')
    .requiredOption('--to <date>', 'last day, YYYY-MM-DD', dateName)
    .action(complete);
  zones.addCommand(zonesExportCommand());
  return zones;
}

async function list(options: WorkspaceArguments): Promise<void> {
  const layers = await withWorkspace(options, ({ store }) => listLayers(store.db));
  if (options.json) return printJson(layers);
  printTable(
    ['layer', 'version', 'valid from', 'for', 'complete to', 'zones', 'imported', 'file'],
    layers.map((layer) => [
      layer.name,
      layer.id,
      layer.validFrom,
      layer.scope === '' ? 'everywhere' : layer.scope,
      layer.completeTo ?? 'not said',
      layer.state === 'ready' ? String(layer.featureCount) : `${layer.featureCount} (unfinished)`,
      layer.importedAt,
      layer.path,
    ]),
  );
}

async function roles(options: { json?: boolean }): Promise<void> {
  if (options.json) return printJson(LAYER_ROLES);
  printTable(
    ['layer', '名称', 'what', 'group', 'shapes'],
    LAYER_ROLES.map(({ name, title, group, kind }) => [name, title.zh, title.en, group, kind]),
  );
}

async function report(layer: string, options: WorkspaceArguments & { kind?: string }): Promise<void> {
  const kinds = ['repaired', 'rejected', 'outside', 'note'] as const;
  const kind = kinds.find((known) => known === options.kind);
  if (options.kind !== undefined && kind === undefined) {
    throw new ServiceError('bad-input', `--kind is one of ${kinds.join(', ')}; got '${options.kind}'.`);
  }
  const { version, notes, counts } = await withWorkspace(options, async ({ store }) => {
    const version = versionNamed(layer, await listLayers(store.db));
    const notes = await listLayerNotes(store.db, version.id, kind);
    return { version, notes, counts: await countLayerNotes(store.db, version.id) };
  });
  if (options.json) return printJson({ version, counts, notes });
  const { name, validFrom, featureCount, readTo, crs, encoding } = version;
  process.stdout.write(
    `${name} from ${validFrom}: ${featureCount} zones of ${readTo} features; ${countsLine(counts)}\n`,
  );
  process.stdout.write(`  CRS ${crs ?? 'not recorded'}\n  text ${encoding ?? 'not recorded'}\n`);
  printTable(
    ['feature', 'kind', 'what'],
    notes.map(({ featureId, kind, what }) => [featureId || '(layer)', kind, what]),
  );
}

async function complete(layer: string, options: WorkspaceArguments & { to: string }): Promise<void> {
  const version = await withWorkspace(options, async ({ store }) => {
    const version = versionNamed(layer, await listLayers(store.db));
    await updateLayer(store.db, version.id, { completeTo: options.to });
    return { ...version, completeTo: options.to };
  });
  if (options.json) return printJson(version);
  process.stdout.write(`${version.name} from ${version.validFrom} (${version.id}) is complete to ${options.to}\n`);
}
