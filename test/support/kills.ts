import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../api/tuban.js', import.meta.url));
const preload = new URL('./kill-at-write.ts', import.meta.url).href;

export interface Ending {
  /** Exit code, or the signal that ended it. */
  ended: number | NodeJS.Signals;
  stdout: string;
  stderr: string;
}

/** Runs `tuban` commands whose clock stands still, whole or killed with -9 at a write boundary. */
export class Kills {
  readonly #folder: string;
  readonly #now: string;
  #logs = 0;

  private constructor(folder: string, now: string) {
    this.#folder = folder;
    this.#now = now;
  }

  static async at(now: string): Promise<Kills> {
    return new Kills(await mkdtemp(join(tmpdir(), 'tuban-kills-')), now);
  }

  /** Undisturbed. */
  whole(args: readonly string[]): Promise<Ending> {
    return this.#start(args, {});
  }

  /** Undisturbed, with every write boundary it passed, in order. */
  async counted(args: readonly string[]): Promise<Ending & { boundaries: string[] }> {
    const log = join(this.#folder, `boundaries-${this.#logs++}`);
    const ending = await this.#start(args, { TUBAN_TEST_BOUNDARIES: log });
    const text = await readFile(log, 'utf8').catch(() => '');
    return { ...ending, boundaries: text.split('\n').slice(0, -1) };
  }

  /** Killed at the boundary of this number, counted from 1; ended is 0 where it did not come so far. */
  killed(args: readonly string[], boundary: number): Promise<Ending> {
    return this.#start(args, { TUBAN_TEST_KILL_AT: String(boundary) });
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  async #start(args: readonly string[], asked: Record<string, string>): Promise<Ending> {
    // Compiled code is kept between the commands: half of the time of each.
    const usual = { TUBAN_CACHE: join(this.#folder, 'cache'), TUBAN_TEST_NOW: this.#now };
    const env = { ...process.env, ...usual, ...asked };
    const child = spawn(process.execPath, ['--import', preload, program, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    const [code, signal] = await once(child, 'close');
    return { ended: code ?? signal, ...said };
  }
}

/**
 * Numbers (from 1) of the boundaries to be killed at: the first, the last, those around every COMMIT, and others spread
 * by `random` over the rest until there are `wanted`; all where there are no more.
 */
export function spreadOver(boundaries: readonly string[], wanted: number, random: () => number): number[] {
  const all = boundaries.map((_, i) => i + 1);
  const must = all.filter((n) => n === 1 || n === all.length || boundaries[n - 1].endsWith(' commit'));
  const rest = all.filter((n) => !must.includes(n));
  const more = Math.max(0, Math.min(rest.length, wanted - must.length));
  // One from each of as many stretches of the rest.
  const spread = Array.from({ length: more }, (_, i) => rest[Math.floor(((i + random()) * rest.length) / more)]);
  return [...must, ...spread].sort((a, b) => a - b);
}
