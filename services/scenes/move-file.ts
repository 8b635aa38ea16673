import { copyFile, link, mkdir, open, rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sceneHash } from '../../imagery/file-hash.ts';
import { ServiceError } from '../error.ts';

/**
 * Moves one file, replacing nothing; its folder is made. Done again after a process was killed over it, it ends what
 * was begun: at every moment the file lies whole in the old place, the new one or both.
 * @returns false when there is no such file in either place
 * @throws ServiceError busy when the new place holds another file
 */
export async function moveFile(from: string, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  try {
    // Unlike renaming, linking fails where the name is taken.
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return exists(to);
    if (code === 'EEXIST') await checkSame(from, to);
    else await copyWhole(from, to);
  }
  await unlink(from).catch(ignoreMissing);
  return true;
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** For file systems without links, and from one to another: on the disk before the original goes. */
async function copyWhole(from: string, to: string): Promise<void> {
  // One name for it: what a killed process left there is written over.
  const beside = join(dirname(to), `.${basename(to)}.part`);
  try {
    await copyFile(from, beside);
    const copy = await open(beside, 'r+');
    await copy.sync().finally(() => copy.close());
    if (await exists(to)) await checkSame(from, to);
    else await rename(beside, to);
  } finally {
    await rm(beside, { force: true });
  }
}

async function checkSame(from: string, to: string): Promise<void> {
  if ((await sceneHash(from, { anew: true })) === (await sceneHash(to, { anew: true }))) return;
  throw new ServiceError('busy', `${from}: cannot be moved: wanted a free name, but there is another file ${to}.`);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
