import { Command } from 'commander';
import { sensorPresets } from '../../imagery/sensors.ts';
import { namedImages } from '../../services/scenes/image-files.ts';
import { describeRow } from '../../services/scenes/scene-description.ts';
import { addSceneFiles } from '../../services/scenes/scene-record.ts';
import { listScenes, removeScene } from '../../services/store/scenes.ts';
import { complain, printJson, printTable } from './output.ts';
import { ProgressBar } from './progress.ts';
import { addCheckCommand } from './scene-check.ts';
import { addInboxCommand } from './scene-inbox.ts';
import { type FactOptions, factsOfOptions, momentOptions } from './scene-options.ts';
import { addShowCommand } from './scene-show.ts';
import { refuseSimulated, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

/** As main has it for bad input. */
const badInput = 2;

export function scenesCommand(): Command {
  const scenes = new Command('scenes').description('the images of the workspace');
  momentOptions(workspaceOptions(scenes.command('add')))
    .description('add image files; sensor and date are read from product names and from JSON files beside the images')
    .argument('<files...>', 'images, folders of them (with all below), patterns, or http, https and s3 addresses')
    .addHelpText('after', '\nExample:\n  tuban scenes add june/ --date 2025-06-18 --sensor GF-2\n')
    .action(add);
  workspaceOptions(scenes.command('list')).description('list the images').action(list);
  addShowCommand(scenes);
  addCheckCommand(scenes);
  workspaceOptions(scenes.command('remove'))
    .description('withdraw images from future runs; what was found on them stays')
    .argument('<scenes...>', 'ids, as the list names them')
    .action(remove);
  scenes
    .command('sensors')
    .description('list the sensors whose bands, scale and limits are known')
    .option('--json', 'print the result as JSON')
    .action(sensors);
  addInboxCommand(scenes);
  return scenes;
}

async function add(named: string[], options: FactOptions & WorkspaceArguments): Promise<void> {
  const bar = new ProgressBar();
  const added = await withWorkspace(options, async (workspace) => {
    await refuseSimulated(workspace);
    const paths = await namedImages(named);
    const facts = factsOfOptions(options);
    return addSceneFiles(workspace.store, paths, facts, new Date(), (done, total) =>
      bar.draw('adding scenes', done, total),
    );
  }).finally(() => bar.clear());
  const shown = added.map((file) =>
    'error' in file
      ? { path: file.path, error: file.error.message }
      : { ...describeRow(file.scene), isNew: file.isNew },
  );
  if (options.json) printJson(shown);
  for (const file of added) {
    if ('error' in file) complain(file.error.message);
    else if (!options.json) {
      const { id, date, path } = file.scene;
      process.stdout.write(`${id}  ${date}  ${path}${file.isNew ? '' : '  (already there)'}\n`);
    }
  }
  const refused = added.filter((file) => 'error' in file).length;
  if (refused === 0) return;
  if (added.length > 1)
    complain(
      `${refused} of ${added.length} images were refused${refused < added.length ? '; the others are added' : ''}.`,
    );
  process.exitCode = badInput;
}

async function remove(ids: string[], options: WorkspaceArguments): Promise<void> {
  await withWorkspace(options, ({ store }) =>
    store.db.transaction().execute(async (trx) => {
      for (const id of ids) await removeScene(trx, id, new Date());
    }),
  );
  if (options.json) return printJson(ids);
  for (const id of ids) process.stdout.write(`${id}  removed\n`);
}

async function list(options: WorkspaceArguments): Promise<void> {
  const scenes = (await withWorkspace(options, ({ store }) => listScenes(store.db))).map(describeRow);
  if (options.json) return printJson(scenes);
  printTable(
    ['scene', 'date', 'sensor', 'bands', 'm/px', 'cloud', 'file'],
    scenes.map((scene) => [
      scene.id,
      scene.date,
      scene.sensor,
      scene.bands.join(','),
      scene.gsdM.toPrecision(3),
      scene.cloudFraction === null ? '–' : `${(100 * scene.cloudFraction).toFixed(0)} %`,
      scene.path,
    ]),
  );
}

function sensors({ json }: { json?: boolean }): void {
  const shown = sensorPresets.map(({ fileName, ...preset }) => ({ ...preset, fileName: fileName.source }));
  if (json) {
    printJson(shown);
    return;
  }
  printTable(
    ['sensor', 'bands in file order', 'm/px', 'reflectance', 'largest', 'nodata', 'licence'],
    shown.map(({ name, bands, gsdM, reflectance, saturation, nodata, licence }) => [
      name,
      bands[0],
      gsdM.join(' / '),
      reflectance ? `× ${reflectance.scale}${signed(reflectance.offset)}` : 'no',
      String(saturation ?? '–'),
      String(nodata ?? '–'),
      licence,
    ]),
  );
}

function signed(offset: number): string {
  if (offset === 0) return '';
  return offset < 0 ? ` − ${-offset}` : ` + ${offset}`;
}
