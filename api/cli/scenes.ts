import { resolve } from 'node:path';
import { Command } from 'commander';
import { isRemotePath } from '../../imagery/remote/location.ts';
import type { BandRole } from '../../imagery/scene.ts';
import { ServiceError } from '../../services/error.ts';
import { addSceneFiles } from '../../services/scenes/scene-record.ts';
import { readMeta } from '../../services/store/meta.ts';
import { listScenes, removeScene, type SceneRow } from '../../services/store/scenes.ts';
import { bandList, crsName, dateName } from './options.ts';
import { printJson, printTable } from './output.ts';
import { ProgressBar } from './progress.ts';
import { type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface AddArguments extends WorkspaceArguments {
  date: string;
  sensor: string;
  bands?: BandRole[];
  crs?: string;
}

export function scenesCommand(): Command {
  const scenes = new Command('scenes').description('the images of the workspace');
  workspaceOptions(scenes.command('add'))
    .description('add image files of one acquisition date')
    .argument('<files...>', 'GeoTIFF files')
    .requiredOption('--date <date>', 'acquisition date, YYYY-MM-DD', dateName)
    .requiredOption('--sensor <name>', 'sensor, such as GF-2 or Sentinel-2')
    .option('--bands <roles>', 'what each band shows, such as B,G,R,N', bandList)
    .option('--crs <epsg>', 'CRS of images that name none', crsName)
    .action(add);
  workspaceOptions(scenes.command('remove'))
    .description('withdraw images from future runs; what was found on them stays')
    .argument('<scenes...>', 'ids, as the list names them')
    .action(remove);
  workspaceOptions(scenes.command('list')).description('list the images').action(list);
  return scenes;
}

async function add(files: string[], options: AddArguments): Promise<void> {
  const { date, sensor, bands, crs } = options;
  const facts = { date, sensor, ...(bands && { bands }), ...(crs && { crs }) };
  const paths = files.map((file) => (isRemotePath(file) ? file : resolve(file)));
  const bar = new ProgressBar();
  const added = await withWorkspace(options, async ({ store, home }) => {
    if ((await readMeta(store.db, 'simulated')) === '1') {
      const where = `The workspace ${home} is the simulated demonstration`;
      throw new ServiceError(
        'bad-input',
        `${where}; real images belong in one of their own (--home DIR or TUBAN_HOME).`,
      );
    }
    return addSceneFiles(store, paths, facts, new Date(), (done, total) => bar.draw('adding scenes', done, total));
  }).finally(() => bar.clear());
  if (options.json) return printJson(added.map(({ scene, isNew }) => ({ ...described(scene), isNew })));
  for (const { scene, isNew } of added) {
    process.stdout.write(`${scene.id}  ${scene.date}  ${scene.path}${isNew ? '' : '  (already there)'}\n`);
  }
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
  const scenes = await withWorkspace(options, ({ store }) => listScenes(store.db));
  if (options.json) return printJson(scenes.map(described));
  printTable(
    ['scene', 'date', 'sensor', 'bands', 'file'],
    scenes.map((scene) => [scene.id, scene.date, scene.sensor, JSON.parse(scene.bandsJson).join(','), scene.path]),
  );
}

function described(scene: SceneRow) {
  const { id, sha256, path, sensor, date, bandsJson, minLon, minLat, maxLon, maxLat } = scene;
  return { id, sha256, path, sensor, date, bands: JSON.parse(bandsJson), bbox: [minLon, minLat, maxLon, maxLat] };
}
