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

/** One line on stderr, however many the message has. */
export function complain(message: string): void {
  process.stderr.write(`tuban: ${message.trim().replace(/\s*\n\s*/g, ' ')}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Columns aligned for a terminal; Chinese characters count two wide. */
export function printTable(head: string[], rows: string[][]): void {
  const widths = head.map((title, i) => Math.max(...[head, ...rows].map((row) => displayWidth(row[i] ?? title))));
  const numeric = head.map((_, i) => rows.length > 0 && rows.every((row) => /^[\d./ %–-]*$/.test(row[i])));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => pad(cell, widths[i], numeric[i]))
      .join('  ')
      .trimEnd();
  process.stdout.write(`${[line(head), ...rows.map(line)].join('\n')}\n`);
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? space + text : text + space;
}

function displayWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u.test(character)
      ? 2
      : 1;
  return width;
}
