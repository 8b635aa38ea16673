import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { describeRow, type SceneDetail } from '../../services/scenes/scene-description.ts';
import { drawScene } from '../../services/scenes/scene-picture.ts';
import { sceneOfRow } from '../../services/scenes/scene-record.ts';
import type { Store } from '../../services/store/open.ts';
import { listScenes, type SceneRow } from '../../services/store/scenes.ts';
import { positiveNumber } from './options.ts';
import { printJson } from './output.ts';
import { checkOutputFiles } from './output-file.ts';
import { type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface ShowArguments extends WorkspaceArguments {
  picture?: string;
  size: number;
}

export function addShowCommand(scenes: Command): void {
  workspaceOptions(scenes.command('show'))
    .description('print all that is known of an image, and draw it')
    .argument('<scene>', 'its id, or how that begins')
    .option('--picture <file>', 'where to write a PNG of it')
    .option('--size <px>', 'longer side of the picture', positiveNumber, 1024)
    .action(show);
}

async function show(id: string, { picture, size, ...options }: ShowArguments): Promise<void> {
  const row = await withWorkspace(options, ({ store }) => sceneBeginning(store, id));
  if (picture !== undefined) {
    await checkOutputFiles([{ option: '--picture', path: picture }], [row.path]);
    await writeFile(picture, await drawScene(sceneOfRow(row), Math.round(size)));
  }
  const detail = describeRow(row);
  if (options.json) printJson(detail);
  else process.stdout.write(`${lines(detail).join('\n')}\n`);
}

/** The scene of an id, or the only one whose id begins so; withdrawn ones too. */
export async function sceneBeginning(store: Store, id: string): Promise<SceneRow> {
  const all = await listScenes(store.db, { includeRemoved: true });
  const found = id === '' ? [] : all.filter((scene) => scene.id.startsWith(id));
  if (found.length === 1) return found[0];
  const message =
    found.length === 0 ? `There is no scene ${id}.` : `${id}: ${found.length} scenes begin so; wanted one.`;
  throw new ServiceError('not-found', message);
}

function lines(scene: SceneDetail): string[] {
  const { reflectance, mask, cloudFraction } = scene;
  const facts: [name: string, value: string | null][] = [
    ['scene', scene.id],
    ['file', `${scene.path}${scene.bytes === null ? '' : ` (${scene.bytes} bytes)`}`],
    ['sha256', scene.sha256],
    ['sensor', scene.preset && scene.preset !== scene.sensor ? `${scene.sensor} (${scene.preset})` : scene.sensor],
    ['taken', `${scene.date}${scene.time === null ? '' : ` ${scene.time}`}, local`],
    ['bands', `${scene.bands.join(',')} (${scene.kind}), ${scene.sampleType}`],
    ['reflectance', reflectance && `number × ${reflectance.scale} + ${reflectance.offset}`],
    ['nodata', scene.nodata === null ? null : String(scene.nodata)],
    ['overexposed', scene.saturation === null ? null : `from ${scene.saturation} on`],
    ['grid', `${scene.width} x ${scene.height} pixels of ${scene.gsdM} m in ${scene.crs}`],
    ['lon/lat', scene.bbox.map((degrees) => degrees.toFixed(5)).join(', ')],
    ['cloud', cloudFraction === null ? null : `${(100 * cloudFraction).toFixed(1)} %, by ${scene.cloudBy}`],
    ['mask', mask && `${mask.path} (${mask.kind})`],
    ['licence', scene.licence],
    ['added', scene.addedAt],
    ['withdrawn', scene.removedAt],
  ];
  return facts.map(([name, value]) => `${name.padEnd(12)}${value ?? '–'}`);
}
