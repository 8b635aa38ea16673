import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { ImageryError } from '../error.ts';
import { sceneHash } from '../file-hash.ts';
import { isRemotePath, shownAddress } from '../remote/location.ts';
import type { RemoteVersion } from '../remote/remote-file.ts';

/** One band of a stack: where it lies, and which state of the file is meant. */
export interface StackBand {
  /** Path (relative to the stack's own folder, or absolute) or http://, https://, s3:// address. */
  href: string;
  /** Index of the band in that file, from 0. */
  band: number;
  /** As sceneHash tells it. */
  sha256: string;
  /** The state of a remote file; every reading of it is held to this. */
  version?: RemoteVersion;
}

/**
 * An image whose bands lie in several files on one grid, as open catalogues keep Sentinel-2 and Landsat. It is written
 * down in a small file of its own, whose hash is the scene's: it holds the hash of each part.
 */
export interface Stack {
  type: 'tuban-stack';
  version: 1;
  bands: StackBand[];
}

const largestStackBytes = 2 ** 20;
const beginning = '{"type":"tuban-stack"';

/** True when a file begins as a stack does. */
export function isStack(head: Buffer): boolean {
  return head.toString('latin1', 0, beginning.length) === beginning;
}

/** True for the name of a file that writeStack wrote. */
export function isStackPath(path: string): boolean {
  return path.endsWith('.stack.json');
}

/** What a stack of these bands would say. @throws ImageryError of the readers: every part is asked for */
export async function composeStack(bands: readonly { href: string; band: number }[]): Promise<Stack> {
  const known = new Map<string, Promise<Omit<StackBand, 'href' | 'band'>>>();
  for (const { href } of bands) if (!known.has(href)) known.set(href, stateOf(href));
  const states = await Promise.all(bands.map(({ href }) => known.get(href)!));
  return {
    type: 'tuban-stack',
    version: 1,
    bands: bands.map(({ href, band }, i) => ({ href, band, ...states[i] })),
  };
}

/** The same stack gives the same bytes. */
export function stackText({ type, version, bands }: Stack): string {
  const lines = bands.map((band) => `  ${JSON.stringify(band)}`);
  return `${JSON.stringify({ type, version }).slice(0, -1)},"bands":[\n${lines.join(',\n')}\n]}\n`;
}

export async function writeStack(path: string, stack: Stack): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeFile(temporary, stackText(stack), { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** @throws ImageryError file-missing, image-damaged */
export async function readStack(path: string): Promise<Stack> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ImageryError('file-missing', `${path}: wanted a stack of bands, but it cannot be read (${error.code}).`);
  });
  const stack = text.length <= largestStackBytes ? parsed(text) : null;
  const bands = stack?.type === 'tuban-stack' && stack.version === 1 && Array.isArray(stack.bands) ? stack.bands : [];
  if (bands.length === 0 || !bands.every(isBand))
    throw new ImageryError('image-damaged', `${path}: is damaged: wanted a stack of bands (version 1).`);
  return { type: 'tuban-stack', version: 1, bands };
}

/** Where a band of a stack lies. */
export function placeOfBand(stackPath: string, { href }: StackBand): string {
  return isRemotePath(href) || isAbsolute(href) ? href : join(dirname(stackPath), href);
}

/** Makes sure that the parts are those of which the stack was made. @throws ImageryError remote-changed naming the part */
export async function checkStackParts(path: string): Promise<void> {
  const { bands } = await readStack(path);
  const parts = new Map(bands.map((band) => [placeOfBand(path, band), band.sha256]));
  for (const [place, sha256] of parts) {
    const found = await sceneHash(place);
    if (found === sha256) continue;
    const short = (hash: string) => hash.replace(/([0-9a-f]{16})[0-9a-f]+/, '$1…');
    throw new ImageryError(
      'remote-changed',
      `${shownAddress(place)}: was changed after ${path} was made of it: wanted ${short(sha256)}, got ${short(found)}.`,
    );
  }
}

async function stateOf(href: string): Promise<Omit<StackBand, 'href' | 'band'>> {
  if (!isRemotePath(href)) return { sha256: await sceneHash(href) };
  const { hashOf, remoteIdentity } = await import('../remote/identity.ts');
  const identity = await remoteIdentity(href);
  return { sha256: hashOf(identity), version: identity.version };
}

function parsed(text: string): Partial<Stack> | null {
  try {
    return JSON.parse(text) as Partial<Stack> | null;
  } catch {
    return null;
  }
}

function isBand(band: Partial<StackBand> | null): boolean {
  const { href, band: index, sha256, version } = band ?? {};
  const isPinned = version === undefined || Number.isInteger(version?.byteLength);
  return typeof href === 'string' && Number.isInteger(index) && index! >= 0 && typeof sha256 === 'string' && isPinned;
}
