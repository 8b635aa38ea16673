import { access, constants, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ServiceError } from '../../services/error.ts';

/** A file that a command will write, and the option that named it. */
export interface OutputFile {
  option: string;
  path: string;
}

/**
 * Refuses what cannot become a file, before any work is spent on it and before another output is written: no name,
 * a folder, a place that is missing or closed, a file that the command reads or writes as something else.
 * @throws ServiceError bad-input
 */
export async function checkOutputFiles(outputs: readonly OutputFile[], inputs: readonly string[]): Promise<void> {
  const taken = new Map<string, string>();
  for (const path of inputs) taken.set(await placeOf(path), 'an image to be compared');
  for (const { option, path } of outputs) {
    await checkPlace(option, path);
    const place = await placeOf(path);
    const other = taken.get(place);
    if (other !== undefined) throw refusal(option, path, `a file of its own, got ${other}`);
    taken.set(place, `what ${option} writes`);
  }
}

async function checkPlace(option: string, path: string): Promise<void> {
  if (path === '') throw refusal(option, "''", 'a file name, got none');
  const target = await stat(path).catch(() => null);
  if (target?.isDirectory() || /[/\\]$/.test(path)) throw refusal(option, path, 'a file, got a folder');
  if (target !== null && !target.isFile()) throw refusal(option, path, 'a file, got a device');
  const folder = dirname(path);
  const around = await stat(folder).catch(() => null);
  if (around === null) throw refusal(option, path, `a folder that exists, but there is no ${folder}`);
  if (!around.isDirectory()) throw refusal(option, path, `a folder to write into, got the file ${folder}`);
  const open = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!open) throw refusal(option, path, `a folder that may be written to, got ${folder}`);
}

/** Where a path leads once links are followed: two names of one file are one place. */
async function placeOf(path: string): Promise<string> {
  const known = await realpath(path).catch(() => null);
  return known ?? join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
}

function refusal(option: string, path: string, what: string): ServiceError {
  return new ServiceError('bad-input', `${path}: cannot be written for ${option}: wanted ${what}.`);
}
