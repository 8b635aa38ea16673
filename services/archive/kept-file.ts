import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ServiceError } from '../error.ts';
import { sha256Of } from '../sha256.ts';

/** Files that are kept for ever under the hash of their content. */

/**
 * Keeps bytes whole at a path that follows from their hash: written beside it, on the disk before they take the name.
 * What is there is never written over.
 * @param what what it is, for the refusal: 'photo'
 * @throws ServiceError store-unusable where another content lies under the name
 */
export async function keepFile(path: string, bytes: Uint8Array, what: string): Promise<void> {
  const sha256 = sha256Of(bytes);
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
      if (!(await isKept(path, sha256))) throw damaged(path, what);
    });
  } finally {
    await rm(beside, { force: true });
  }
}

/** @throws ServiceError store-unusable where it is missing or no longer what it was */
export async function readKept(path: string, sha256: string, what: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ServiceError('store-unusable', `${path}: the ${what}'s original cannot be read: ${error.message}.`);
  });
  if (sha256Of(bytes) !== sha256) throw damaged(path, what);
  return bytes;
}

/** True where it is there, byte for byte. */
export async function isKept(path: string, sha256: string): Promise<boolean> {
  const bytes = await readFile(path).catch(() => null);
  return bytes !== null && sha256Of(bytes) === sha256;
}

function damaged(path: string, what: string): ServiceError {
  return new ServiceError(
    'store-unusable',
    `${path}: the ${what}'s original was changed: its content is not its name.`,
  );
}
