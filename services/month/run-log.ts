import { appendFile, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** One line of what a server's runs did. */
export interface RunLine {
  /** UTC, by the machine's own clock. */
  at: string;
  month: string;
  what: 'started' | 'stage' | 'warning' | 'done' | 'failed';
  /** Who started it, the stage, or a sentence. */
  text: string;
}

/** The file begins anew past this; the one before is kept beside it. */
const mostBytes = 4_000_000;

/** The log of monthly runs: a file of JSON lines, which every reader may follow while it is written. */
export class RunLog {
  readonly #path: string | null;
  readonly #kept: RunLine[] = [];
  #writing: Promise<void> = Promise.resolve();

  /** @param path the file; null: what is written is only remembered */
  constructor(path: string | null) {
    this.#path = path;
  }

  /** Lines come to stand in the order of the calls. */
  add(month: string, at: Date, line: Pick<RunLine, 'what' | 'text'>): Promise<void> {
    const written = { at: at.toISOString(), month, ...line };
    // A disk that is full must not end a run: what it did is in the store.
    this.#writing = this.#writing.then(() => this.#append(written)).catch(() => {});
    return this.#writing;
  }

  /** The latest `limit` lines, of one month where one is named, oldest first. */
  async latest(limit: number, month?: string): Promise<RunLine[]> {
    await this.#writing;
    const lines = this.#path === null ? this.#kept : await linesOf(this.#path);
    return lines.filter((line) => month === undefined || line.month === month).slice(-limit);
  }

  async #append(line: RunLine): Promise<void> {
    if (this.#path === null) {
      this.#kept.push(line);
      return;
    }
    await mkdir(dirname(this.#path), { recursive: true });
    const bytes = await stat(this.#path).then(
      ({ size }) => size,
      () => 0,
    );
    if (bytes > mostBytes) await rename(this.#path, `${this.#path}.1`);
    await appendFile(this.#path, `${JSON.stringify(line)}\n`);
  }
}

async function linesOf(path: string): Promise<RunLine[]> {
  const files = await Promise.all([`${path}.1`, path].map((file) => readFile(file, 'utf8').catch(() => '')));
  return files
    .join('')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as RunLine];
      } catch {
        // The last line of a process that was killed while it wrote.
        return [];
      }
    });
}
