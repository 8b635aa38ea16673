import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { addPhotos, readPhotoFiles } from '../../services/field/add-photos.ts';
import { type CheckedPatch, checkPhotos } from '../../services/field/check-photos.ts';
import { readOriginal } from '../../services/field/originals.ts';
import { previewOf } from '../../services/field/picture.ts';
import { parseReadings } from '../../services/field/reading.ts';
import { findPhoto, type PhotoRow } from '../../services/store/field-photos.ts';
import type { Store } from '../../services/store/open.ts';
import { findPatchNamed } from '../../services/store/queue.ts';
import { fieldClueCommand } from './field-clues.ts';
import { fieldDeviceCommand } from './field-devices.ts';
import { addPackCommands } from './field-packs.ts';
import { printChecks, printPhotos, shownPhoto } from './field-tables.ts';
import { printJson } from './output.ts';
import { checkOutputFiles } from './output-file.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface AddArguments extends WorkspaceArguments {
  takenBy?: string;
  reading?: string;
}

export function fieldCommand(): Command {
  const field = new Command('field').description('evidence from the field: photos, readings, packages, clues');
  workspaceOptions(field.command('add'))
    .description('take photos in as evidence of a patch; their originals are kept whole')
    .argument('<patch>', 'its number or id')
    .argument('<photos...>', 'JPEG or HEIC files')
    .option('--taken-by <name>', 'who took them')
    .option('--reading <file>', 'what the device signed beside them, JSON')
    .action(add);
  workspaceOptions(field.command('list'))
    .description('the photos of a patch')
    .argument('<patch>', 'its number or id')
    .action(list);
  workspaceOptions(field.command('show'))
    .description('a picture of a photo, at most 1600 pixels a side (JPEG only)')
    .argument('<id>', 'of the photo')
    .requiredOption('-o, --output <file>', 'JPEG file to write')
    .action(show);
  workspaceOptions(field.command('check'))
    .description('test photos: place, direction, time, what they show, copies')
    .argument('[patch]', 'its number or id (default: all that have photos)')
    .action(check);
  field.addCommand(fieldDeviceCommand());
  addPackCommands(field);
  field.addCommand(fieldClueCommand());
  return field;
}

async function add(patch: string, paths: string[], options: AddArguments): Promise<void> {
  const files = await readPhotoFiles(paths);
  const readings = options.reading === undefined ? [] : parseReadings(await textOf(options.reading), options.reading);
  const added = await withWorkspace(options, async ({ store, home }) => {
    const now = (await clockOf(store))();
    return addPhotos(store, home, patch, files, { takenBy: options.takenBy ?? null, readings, now });
  });
  if (options.json) return printJson(added);
  for (const { id, name, isNew, hasReading } of added) {
    const what = isNew ? '已入库 taken in' : '已有 known before';
    process.stdout.write(`${id}  ${name}  ${what}${hasReading ? '，有签名读数 with a signed reading' : ''}\n`);
  }
}

async function list(name: string, options: WorkspaceArguments): Promise<void> {
  const [checked] = await withWorkspace(options, async ({ store, home }) => checksOf(store, home, name));
  const photos = checked?.photos ?? [];
  if (options.json) return printJson(photos.map(shownPhoto));
  printPhotos(photos);
}

async function show(id: string, options: WorkspaceArguments & { output: string }): Promise<void> {
  await checkOutputFiles([{ option: '--output', path: options.output }], []);
  const bytes = await withWorkspace(options, async ({ store, home }) => {
    const photo = await findPhoto(store.db, id);
    if (photo === null) throw new ServiceError('not-found', `There is no photo ${id}.`);
    const { format, sha256 }: PhotoRow = photo;
    if (format === 'heic') {
      throw new ServiceError('bad-input', `The photo ${id} is HEIC: it is kept and tested, but cannot be shown here.`);
    }
    return previewOf(await readOriginal(home, sha256, format));
  });
  await writeFile(options.output, bytes);
  if (options.json) printJson({ id, output: options.output, bytes: bytes.byteLength });
  else process.stdout.write(`${options.output}\n`);
}

async function check(name: string | undefined, options: WorkspaceArguments): Promise<void> {
  const checked = await withWorkspace(options, ({ store, home }) => checksOf(store, home, name));
  if (options.json) {
    const shown = ({ patch, photos, together }: CheckedPatch) => {
      return { patch: patch.id, number: patch.number, photos: photos.map(shownPhoto), together };
    };
    return printJson(checked.map(shown));
  }
  printChecks(checked);
}

async function checksOf(store: Store, home: string, name: string | undefined): Promise<CheckedPatch[]> {
  if (name === undefined) return checkPhotos(store, home);
  const patch = await findPatchNamed(store.db, name);
  if (patch === null) throw new ServiceError('not-found', `There is no patch ${name}.`);
  return checkPhotos(store, home, patch.id);
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new ServiceError('bad-input', `${path}: wanted a signed reading; it cannot be read: ${error.message}.`);
  });
}
