import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { LonLatBox } from '../../imagery/grid.ts';
import { isRemotePath, shownAddress } from '../../imagery/remote/location.ts';
import type { BandRole } from '../../imagery/scene.ts';
import { ServiceError } from '../../services/error.ts';
import { exportCatalogue, exportItemCollection } from '../../services/stac/export.ts';
import { type ImportedItem, importStac } from '../../services/stac/import.ts';
import { type StacVersion, stacVersions } from '../../services/stac/item-of-scene.ts';
import { readMeta } from '../../services/store/meta.ts';
import { bandList, dateName } from './options.ts';
import { printJson, printTable } from './output.ts';
import { checkOutputFiles } from './output-file.ts';
import { ProgressBar } from './progress.ts';
import { type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface ImportArguments extends WorkspaceArguments {
  bbox?: LonLatBox;
  from?: string;
  to?: string;
  collection?: string[];
  bands?: BandRole[];
  asset?: string;
  limit: number;
  dryRun?: boolean;
}

interface ExportArguments extends WorkspaceArguments {
  stacVersion: StacVersion;
}

const mostItems = 100_000;

export function stacCommand(): Command {
  const stac = new Command('stac').description('scenes as STAC Items, in and out (影像目录的导入与导出)');
  workspaceOptions(stac.command('import'))
    .description('add the scenes of a STAC Item, ItemCollection, catalogue, folder or API')
    .argument('<source>', 'file, folder, or http://, https://, s3:// address')
    .option('--bbox <box>', 'that meet this box: minLon,minLat,maxLon,maxLat', lonLatBox)
    .option('--from <date>', 'from this day on (Asia/Shanghai)', dateName)
    .option('--to <date>', 'until this day', dateName)
    .option('--collection <names>', 'of any of these collections, separated by commas', nameList)
    .option('--bands <roles>', 'which bands, such as B,G,R,N (default: those a comparison can use)', bandList)
    .option('--asset <key>', 'the asset to take, where an item does not tell')
    .option('--limit <n>', 'at most so many items', itemCount, 1000)
    .option('--dry-run', 'say what would be added, read no image, write nothing')
    .addHelpText(
      'after',
      '\nExample:\n  tuban stac import https://earth-search.aws.element84.com/v1 --collection sentinel-2-l2a --bbox 112.5,26.8,112.7,27 --from 2025-05-01 --to 2025-06-30 --dry-run',
    )
    .action(importItems);
  workspaceOptions(stac.command('export'))
    .description('write all scenes as a static STAC catalogue, or as one ItemCollection')
    .argument('<place>', 'folder for the catalogue, or a file ending in .json or .geojson')
    .addOption(new Option('--stac-version <version>', 'version to write').choices(stacVersions).default('1.0.0'))
    .action(exportItems);
  return stac;
}

async function importItems(source: string, options: ImportArguments): Promise<void> {
  const { bbox, from, to, bands, asset, limit, dryRun: isDryRun = false } = options;
  const filter = {
    ...(bbox && { bbox }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...{ collections: options.collection ?? [], limit },
  };
  const wish = { ...(bands && { bands }), ...(asset !== undefined && { asset }) };
  const bar = new ProgressBar();
  const items = await withWorkspace(options, async ({ store, home }) => {
    if ((await readMeta(store.db, 'simulated')) === '1') {
      const where = `The workspace ${home} is the simulated demonstration`;
      throw new ServiceError(
        'bad-input',
        `${where}; real images belong in one of their own (--home DIR or TUBAN_HOME).`,
      );
    }
    const place = isRemotePath(source) ? source : resolve(source);
    const wanted = { source: place, filter, wish, isDryRun, stackFolder: join(home, 'stacks') };
    return importStac(store, wanted, new Date(), (done, { itemId }) => bar.draw(itemId, done, limit));
  }).finally(() => bar.clear());
  if (options.json) printJson(items);
  else printItems(items);
  const refused = items.filter(({ outcome }) => outcome === 'refused');
  for (const { reason } of refused) process.stderr.write(`tuban: ${reason}\n`);
  if (refused.length > 0) process.exitCode = 2;
}

function printItems(items: readonly ImportedItem[]): void {
  const rows = items.filter(({ outcome }) => outcome !== 'refused');
  printTable(
    ['item', 'date', 'sensor', 'outcome', 'scene', 'files'],
    rows.map(({ itemId, date, sensor, outcome, sceneId, files }) => {
      const more = files.length > 1 ? ` +${files.length - 1}` : '';
      return [itemId, date ?? '', sensor ?? '', outcome, sceneId ?? '', shownAddress(files[0] ?? '') + more];
    }),
  );
  const count = (outcome: ImportedItem['outcome']) => items.filter((item) => item.outcome === outcome).length;
  const found = count('found') > 0 ? `${count('found')} found, ` : '';
  process.stdout.write(`${found}${count('added')} added, ${count('known')} known, ${count('refused')} refused\n`);
}

async function exportItems(place: string, options: ExportArguments): Promise<void> {
  const path = resolve(place);
  const isFile = /\.(geo)?json$/i.test(path);
  if (isFile) await checkOutputFiles([{ option: 'the items', path }], []);
  const bar = new ProgressBar();
  const items = await withWorkspace(options, async ({ store }) => {
    if (isFile) return exportItemCollection(store, path, options.stacVersion);
    await mkdir(path, { recursive: true }).catch((error: Error) => {
      throw new ServiceError('bad-input', `${place}: wanted a folder to write into: ${error.message}.`);
    });
    return exportCatalogue(store, path, options.stacVersion, (done, total) => bar.draw('writing items', done, total));
  }).finally(() => bar.clear());
  const file = isFile ? path : join(path, 'catalog.json');
  if (options.json) printJson({ file, items });
  else process.stdout.write(`${file}  ${items} items\n`);
}

function lonLatBox(text: string): LonLatBox {
  const [minLon, minLat, maxLon, maxLat, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? NaN : Number(part)));
  const inRange = minLon >= -180 && maxLon <= 180 && minLat >= -90 && maxLat <= 90;
  if (inRange && minLon < maxLon && minLat < maxLat && more.length === 0) return { minLon, minLat, maxLon, maxLat };
  throw new InvalidArgumentError(`Wanted minLon,minLat,maxLon,maxLat in degrees, longitude first, got '${text}'.`);
}

function nameList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError(`Wanted names separated by commas, got '${text}'.`);
}

function itemCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= mostItems) return value;
  throw new InvalidArgumentError(`Wanted a whole number from 1 to ${mostItems}, got '${text}'.`);
}
