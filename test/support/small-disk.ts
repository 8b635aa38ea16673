import { execFileSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own that can be filled, emptied and made read-only: a tmpfs, which only root may mount. */
export class SmallDisk {
  readonly path: string;
  readonly #filler: string;

  private constructor(path: string) {
    this.path = path;
    this.#filler = join(path, 'filler');
  }

  /** Or why there is none. */
  static mounted(mebibytes: number): SmallDisk | string {
    const path = mkdtempSync(join(tmpdir(), 'tuban-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path], { stdio: 'pipe' });
    } catch {
      rmSync(path, { recursive: true });
      return 'no tmpfs can be mounted here (root alone may)';
    }
    return new SmallDisk(path);
  }

  /** Leaves so much free, in whole pages. */
  fill(leftBytes: number): void {
    const file = openSync(this.#filler, 'w');
    const chunk = Buffer.alloc(64 * 1024, 1);
    try {
      for (let size = chunk.length; size >= 4096; ) {
        try {
          if (writeSync(file, chunk, 0, size) < size) size /= 2;
        } catch {
          size /= 2;
        }
      }
      ftruncateSync(file, Math.max(0, fstatSync(file).size - leftBytes));
    } finally {
      closeSync(file);
    }
  }

  makeRoom(): void {
    rmSync(this.#filler, { force: true });
  }

  setReadOnly(readOnly: boolean): void {
    execFileSync('mount', ['-o', readOnly ? 'remount,ro' : 'remount,rw', this.path], { stdio: 'pipe' });
  }

  remove(): void {
    execFileSync('umount', ['-l', this.path], { stdio: 'pipe' });
    rmSync(this.path, { recursive: true });
  }
}
