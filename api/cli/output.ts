import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ServiceError } from '../../services/error.ts';

/** Writes a text file in pieces, whole or not at all: beside it first, renamed when complete. */
export async function writeWhole(path: string, pieces: Iterable<string>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  const file = await open(temporary, 'wx').catch((error: Error) => {
    throw new ServiceError('bad-input', `${path}: cannot be written: ${error.message}.`);
  });
  try {
    let buffered = '';
    for (const piece of pieces) {
      buffered += piece;
      if (buffered.length < 1 << 16) continue;
      await file.write(buffered);
      buffered = '';
    }
    await file.write(buffered);
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
