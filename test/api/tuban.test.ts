import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../api/tuban.js', import.meta.url));

/** A Node too old to run the program itself, as many machines have it. */
const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((path) => existsSync(path) && Number(/^v(\d+)/.exec(execFileSync(path, ['--version']).toString())?.[1]) < 22);
if (oldNode === undefined) console.warn('No Node older than 22 is installed: the tests of the launcher are skipped.');

describe.skipIf(oldNode === undefined)('tuban under an old Node', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-old-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  const start = (...args: string[]) => {
    const env = { ...process.env, PORT: '0', TUBAN_SCHEDULE: 'off' };
    return spawn(oldNode as string, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  };

  it('runs, and ends as the program ends', async () => {
    const version = start('--version');
    const [printed] = await once(version.stdout, 'data');
    expect(String(printed)).toMatch(/^\d+\.\d+\.\d+\n$/);
    const refused = start('run', '--month', 'July');
    const [[line], [code]] = await Promise.all([once(refused.stderr, 'data'), once(refused, 'exit')]);
    expect(String(line)).toContain('Wanted a month as YYYY-MM');
    expect(code).toBe(2);
  });

  /** The launcher of a server, and the process that serves. */
  async function serving(): Promise<{ launcher: ChildProcess; server: number }> {
    const launcher = start('serve', '--home', home);
    await once(launcher.stdout, 'data');
    return { launcher, server: childOf(launcher.pid as number) };
  }

  it('hands a signal on, and waits until the server has ended', async () => {
    const { launcher, server } = await serving();
    launcher.kill('SIGTERM');
    expect(await once(launcher, 'exit')).toEqual([0, null]);
    expect(isRunning(server)).toBe(false);
  });

  it('takes the program along when it is killed with -9: nothing goes on unseen', async () => {
    const { launcher, server } = await serving();
    launcher.kill('SIGKILL');
    for (let tries = 0; isRunning(server) && tries < 100; tries++) await sleep(50);
    expect(isRunning(server)).toBe(false);
  });
});

function childOf(pid: number): number {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && statOf(name)?.[1] === String(pid));
  return Number(children[0]);
}

/** State and parent of a process, or null where there is none. */
function statOf(pid: number | string): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** A process that has ended may still be listed until its parent asks. */
function isRunning(pid: number): boolean {
  return (statOf(pid)?.[0] ?? 'Z') !== 'Z';
}
