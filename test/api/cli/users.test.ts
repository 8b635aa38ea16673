import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../../api/tuban.js', import.meta.url));

describe('tuban users', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-users-'));
  });
  afterAll(() => rm(home, { recursive: true }));

  /** Runs it with `typed` on standard input, which is no terminal. */
  const users = async (line: string, typed = '') => {
    const env = { ...process.env, TUBAN_CACHE: 'off' };
    const child = spawn(process.execPath, [program, 'users', ...line.split(' '), '--home', home], { env });
    child.stdin.end(typed);
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { exitCode: await ended, stdout, stderr };
  };

  it('adds, lists, moves and disables people; passwords come from standard input and are never shown', async () => {
    const added = await users('add Wang --role handler --district 430421 --password-stdin', 'for the first time\n');
    expect(added).toEqual({ exitCode: 0, stdout: 'wang may log in\n', stderr: '' });
    expect((await users('set-role wang --role reviewer --district 4304')).stdout).toBe('wang is reviewer of 4304\n');
    expect((await users('disable wang')).exitCode).toBe(0);
    const { stdout } = await users('list --json');
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ name: 'wang', role: 'reviewer', district: '4304', mustChange: true }),
    ]);
    expect(JSON.parse(stdout)[0].disabledAt).not.toBeNull();
    expect(stdout).not.toContain('scrypt');
  });

  it('takes no password as an argument, asks nobody where there is no terminal, and refuses weak ones', async () => {
    const given = await users('add li --role viewer --password secret');
    expect(given).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("unknown option '--password'") });
    expect(await users('add li --role viewer')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--password-stdin'),
    });
    const weak = await users('add li --role viewer --password-stdin', 'short\n');
    expect(weak).toMatchObject({ exitCode: 2, stderr: 'tuban: A password has 10 to 256 characters; got one of 5.\n' });
    expect(await users('reset nobody --password-stdin', 'long enough words\n')).toMatchObject({ exitCode: 2 });
  });
});
