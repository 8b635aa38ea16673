import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ServiceError } from '../error.ts';
import type { PhotoFormat } from './photo-format.ts';

/** Of one original; a phone's largest are half of it. */
export const MOST_PHOTO_BYTES = 64 * 2 ** 20;

const endings: Record<PhotoFormat, string> = { jpeg: 'jpg', heic: 'heic' };

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Where an original lies in a workspace: its name is its content. */
export function originalPath(home: string, sha256: string, format: PhotoFormat): string {
  return join(home, 'photos', sha256.slice(0, 2), `${sha256}.${endings[format]}`);
}

/**
 * Keeps an original whole: written beside its place, on the disk before it takes its name. One that is there is never
 * written over.
 * @throws ServiceError store-unusable where another content lies under the name
 */
export async function keepOriginal(home: string, bytes: Uint8Array, format: PhotoFormat): Promise<string> {
  const sha256 = sha256Of(bytes);
  const path = originalPath(home, sha256, format);
  await mkdir(dirname(path), { recursive: true });
  const beside = join(dirname(path), `.${sha256}.${randomBytes(6).toString('hex')}.part`);
  try {
    const file = await open(beside, 'wx', 0o444);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    // Unlike renaming, linking fails where the name is taken.
    await link(beside, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      if (!(await isWhole(home, sha256, format))) throw damaged(path);
    });
  } finally {
    await rm(beside, { force: true });
  }
  return sha256;
}

/** @throws ServiceError store-unusable where the original is missing or no longer what it was */
export async function readOriginal(home: string, sha256: string, format: PhotoFormat): Promise<Buffer> {
  const path = originalPath(home, sha256, format);
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ServiceError('store-unusable', `${path}: the photo's original cannot be read: ${error.message}.`);
  });
  if (sha256Of(bytes) !== sha256) throw damaged(path);
  return bytes;
}

/** True where the original is there, byte for byte. */
export async function isWhole(home: string, sha256: string, format: PhotoFormat): Promise<boolean> {
  const bytes = await readFile(originalPath(home, sha256, format)).catch(() => null);
  return bytes !== null && sha256Of(bytes) === sha256;
}

function damaged(path: string): ServiceError {
  return new ServiceError('store-unusable', `${path}: the photo's original was changed: its content is not its name.`);
}
