import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ServiceError } from '../../error.ts';

/**
 * The files of one export. They are written beside the place they are for and take their names when all are complete,
 * the one that was asked for last: whoever sees that one sees all.
 */
export class PendingFiles {
  readonly #main: string;
  readonly #family: readonly string[];
  readonly #suffix = `${randomBytes(6).toString('hex')}.part`;
  /** Final names by temporary ones, in the order they were asked for. */
  readonly #names = new Map<string, string>();

  /**
   * `family`: every file that belongs to one of this name, written this time or not: none of them may be there, or
   * all go away once the new ones are complete. A column list or index left by an earlier export would be read with
   * the new file.
   * @throws ServiceError bad-input where one is there and may not be replaced
   */
  constructor(main: string, family: readonly string[], overwrite: boolean) {
    this.#main = main;
    this.#family = family;
    const known = overwrite ? undefined : [main, ...family].find((path) => existsSync(path));
    if (known !== undefined) {
      throw new ServiceError('bad-input', `${known}: is there already; wanted a new name, or --force to replace it.`);
    }
  }

  /** Where to write what is to become `path`. */
  pathFor(path: string): string {
    const temporary = join(dirname(path), `.${basename(path)}.${this.#suffix}`);
    this.#names.set(temporary, path);
    return temporary;
  }

  /** Drops one of them, such as a spool. */
  discard(temporary: string): void {
    rmSync(temporary, { force: true });
    this.#names.delete(temporary);
  }

  /** Gives all their names; returns these, the main one first. */
  commit(): string[] {
    const kept = new Set(this.#names.values());
    for (const path of this.#family) if (!kept.has(path)) rmSync(path, { force: true });
    const mainLast = [...this.#names].sort(([, a], [, b]) => Number(a === this.#main) - Number(b === this.#main));
    for (const [temporary, path] of mainLast) renameSync(temporary, path);
    this.#names.clear();
    return mainLast.map(([, path]) => path).reverse();
  }

  abandon(): void {
    for (const temporary of this.#names.keys()) rmSync(temporary, { force: true });
    this.#names.clear();
  }
}
