import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { refuseLayer } from '../layer-refusal.ts';

const CHUNK = 4 * 1024 * 1024;
const readAsync = promisify(read);

/** Files this thread has open, by path: pieces of one file come one after another. */
const opened = new Map<string, number>();

/** Descriptor of a file that stays open in this thread until closeFile(s). @throws ServiceError layer-invalid */
function descriptorOf(path: string): number {
  let descriptor = opened.get(path);
  if (descriptor === undefined) {
    try {
      descriptor = openSync(path, 'r');
    } catch (error) {
      return refuseLayer(path, null, 'cannot be read', error);
    }
    opened.set(path, descriptor);
  }
  return descriptor;
}

/** Closes what descriptorOf opened in this thread: one file, or all. */
export function closeDescriptors(path?: string): void {
  for (const [known, descriptor] of opened) {
    if (path !== undefined && path !== known) continue;
    closeSync(descriptor);
    opened.delete(known);
  }
}

/** Bytes of a file from `position`; fewer than `length` where it ends before. */
export function bytesAt(path: string, position: number, length: number): Buffer {
  const descriptor = descriptorOf(path);
  const bytes = Buffer.allocUnsafe(length);
  let got = 0;
  while (got < length) {
    const count = readSync(descriptor, bytes, got, length - got, position + got);
    if (count === 0) break;
    got += count;
  }
  return bytes.subarray(0, got);
}

export function sizeOf(path: string): number {
  return fstatSync(descriptorOf(path)).size;
}

/** sha256 of a file, whose chunks are shown to `use` on the way; a chunk is used up before the next comes. */
export async function hashFile(path: string, use?: (chunk: Buffer, position: number) => void): Promise<string> {
  const descriptor = descriptorOf(path);
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let position = 0; ; ) {
    const { bytesRead } = await readAsync(descriptor, buffer, 0, CHUNK, position);
    if (bytesRead === 0) return hash.digest('hex');
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    use?.(chunk, position);
    position += bytesRead;
  }
}

/** One sha256 for files that belong together: of each one's ending and sha256, in the order given. */
export function hashOfParts(parts: readonly { path: string; sha256: string }[]): string {
  if (parts.length === 1) return parts[0].sha256;
  const hash = createHash('sha256');
  for (const { path, sha256 } of parts) hash.update(`${endingOf(path)} ${sha256}\n`);
  return hash.digest('hex');
}

/** '.shp' of 'A.SHP', '' of a name without. */
export function endingOf(path: string): string {
  return /(\.[^.]*)?$/.exec(basename(path))![0].toLowerCase();
}
