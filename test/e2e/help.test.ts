import { describe, expect, it, vi } from 'vitest';
import { main } from '../../api/cli/main.ts';
import { tuban } from '../support/command-line.ts';

/** The commands that a help text lists. */
function listed(help: string): string[] {
  const lines = help.split('\nCommands:\n')[1]?.split('\n') ?? [];
  const names = lines.flatMap((line) => /^ {2}([a-z][a-z-]*)/.exec(line)?.[1] ?? []);
  return names.filter((name) => name !== 'help');
}

/** What a command line prints in this process, and how it would end. */
async function printed(words: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const taken = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      taken[name] += text;
      return true;
    }),
  );
  try {
    return { exitCode: await main([...words]), ...taken };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.stdout.removeAllListeners('error');
  }
}

describe('help', () => {
  it('is printed for every command that another help lists, and is no error', { timeout: 120_000 }, async () => {
    const waiting: string[][] = [[]];
    const seen: string[] = [];
    for (let words = waiting.shift(); words !== undefined; words = waiting.shift()) {
      const { exitCode, stdout, stderr } = await printed([...words, '--help']);
      expect({ exitCode, stderr }, words.join(' ')).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toContain(`Usage: ${['tuban', ...words].join(' ')}`);
      seen.push(words.join(' '));
      waiting.push(...listed(stdout).map((name) => [...(words as string[]), name]));
    }
    expect(seen.length).toBeGreaterThan(150);
    for (const command of ['detect', 'run', 'month close', 'people patrol add', 'papers template add', 'serve']) {
      expect(seen).toContain(command);
    }
  });

  it.each(['', 'zones import'])('of tuban %s comes from the program itself the same way', async (command) => {
    const words = command.split(' ').filter((word) => word !== '');
    const { exitCode, stdout, stderr } = await tuban([...words, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ${['tuban', ...words].join(' ')}`);
  });
});
