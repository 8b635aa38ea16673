import { glob, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { isRemotePath } from '../../imagery/remote/location.ts';
import { ServiceError } from '../error.ts';
import { type FactsSaid, type MaskWish, maskKindByName, parseFacts } from './scene-facts.ts';

/** Endings of files that are images by themselves, and of pictures, which are where a world file places them. */
const imageEndings = new Set(['.tif', '.tiff', '.gtif', '.gtiff']);
const pictureEndings: Readonly<Record<string, readonly string[]>> = {
  '.png': ['.pgw', '.pngw', '.wld'],
  '.jpg': ['.jgw', '.jpgw', '.wld'],
  '.jpeg': ['.jgw', '.jpegw', '.wld'],
  '.webp': ['.wpw', '.webpw', '.wld'],
  '.bmp': ['.bpw', '.bmpw', '.wld'],
};
/** Endings of the bytes of an ENVI file, which is one where a header lies beside. */
const enviEndings = new Set(['.dat', '.img', '.bsq', '.bil', '.bip', '.raw', '']);

/**
 * The images among the names of one folder, in order: no quality bands, no companions, nothing hidden, no pictures
 * without a place.
 */
export function imagesAmong(names: readonly string[]): string[] {
  const present = new Set(names.map((name) => name.toLowerCase()));
  const isImage = (name: string): boolean => {
    if (name.startsWith('.') || maskKindByName(name) !== null) return false;
    const ending = extname(name).toLowerCase();
    const stem = name.slice(0, name.length - ending.length).toLowerCase();
    if (imageEndings.has(ending)) return true;
    const worldFiles = pictureEndings[ending];
    if (worldFiles !== undefined) return worldFiles.some((world) => present.has(stem + world));
    return enviEndings.has(ending) && (present.has(`${stem}.hdr`) || present.has(`${name.toLowerCase()}.hdr`));
  };
  return names.filter(isImage).sort();
}

/**
 * The files that belong to an image and go where it goes: of its name with another ending (facts, world file,
 * header, overviews), and quality bands that begin with its name.
 */
export function companionsAmong(names: readonly string[], image: string): string[] {
  const stem = basename(image, extname(image));
  const images = new Set(imagesAmong(names));
  return names.filter((name) => {
    if (name === image || images.has(name)) return false;
    return name.startsWith(`${stem}.`) || (name.startsWith(`${stem}_`) && maskKindByName(name) !== null);
  });
}

/** Everything that was named: files as they are, folders with all images under them, patterns with what they match. */
export async function namedImages(named: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of named) {
    const path = isRemotePath(name) ? name : resolve(name);
    const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false;
    if (isFolder) found.push(...(await imagesUnder(path)));
    else if (/[*?[{]/.test(name) && (await stat(path).catch(() => null)) === null)
      found.push(...(await matching(name)));
    else found.push(path);
  }
  return [...new Set(found)];
}

async function imagesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const below: string[] = [];
  for (const name of folders.sort()) below.push(...(await imagesUnder(join(folder, name))));
  return [...imagesAmong(files).map((name) => join(folder, name)), ...below];
}

async function matching(pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(pattern)) found.push(resolve(path));
  const byFolder = Map.groupBy(found, (path) => dirname(path));
  const images = [...byFolder].flatMap(([folder, paths]) =>
    imagesAmong(paths.map((path) => basename(path))).map((name) => join(folder, name)),
  );
  if (images.length > 0) return images.sort();
  throw new ServiceError('bad-input', `${pattern}: matches no image file.`);
}

/**
 * What lies beside an image and speaks of it: `<name>.json`, and a quality band that begins with its name. A JSON of
 * somebody else's making (a STAC item) says nothing here.
 * @param listed the names in its folder, where they are known already
 * @throws ServiceError scene-invalid
 */
export async function factsBeside(path: string, listed?: readonly string[]): Promise<FactsSaid> {
  if (isRemotePath(path)) return {};
  const folder = dirname(path);
  const names = companionsAmong(listed ?? (await readdir(folder).catch(() => [])), basename(path));
  const sidecar = `${basename(path, extname(path))}.json`;
  const json = names.includes(sidecar) ? await readFile(join(folder, sidecar), 'utf8') : null;
  const said = json === null || isStacItem(json) ? {} : parseFacts(json, join(folder, sidecar));
  const band = names.find((name) => maskKindByName(name) !== null);
  const mask: MaskWish | undefined = said.mask ?? (band === undefined ? undefined : { path: band });
  return { ...said, ...(mask && { mask: { ...mask, path: resolve(folder, mask.path) } }) };
}

function isStacItem(json: string): boolean {
  return /"stac_version"\s*:/.test(json);
}
