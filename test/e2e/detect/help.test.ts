import { describe, expect, it } from 'vitest';
import { tuban } from '../../support/command-line.ts';

const commands = [
  '',
  'detect',
  'evaluate',
  'scenes',
  'scenes add',
  'scenes remove',
  'scenes list',
  'scenes show',
  'scenes check',
  'scenes sensors',
  'scenes inbox',
  'stac',
  'stac import',
  'stac export',
  'zones',
  'zones list',
  'zones roles',
  'zones report',
  'zones complete',
  'zones export',
  'zones import',
  'month',
  'month open',
  'month issue',
  'month close',
  'month show',
  'month print',
  'month correct',
  'run',
  'patches',
  'patches list',
  'patches export',
  'rules',
  'rules list',
  'rules check',
  'rules add',
  'rules judge',
  'rules explain',
  'rules backtest',
  'themes',
  'themes list',
  'themes projects',
  'deadlines',
  'deadlines list',
  'deadlines recount',
  'deadlines rules',
  'deadlines calendar',
  'deadlines calendar add',
  'deadlines calendar list',
  'gauges',
  'gauges show',
  'gauges set',
  'gauges radar',
  'gauges what-if',
  'audit',
  'audit verify',
  'audit anchor',
  'audit reads',
  'field',
  'field add',
  'field list',
  'field show',
  'field check',
  'field device',
  'field device add',
  'field device list',
  'field device revoke',
  'field pack',
  'field unpack',
  'field clue',
  'field clue add',
  'field clue list',
  'field clue finders',
  'batch',
  'batch import',
  'batch match',
  'batch list',
  'batch show',
  'batch overrule',
  'batch route',
  'batch return',
  'batch campaign',
  'keys',
  'keys add',
  'keys list',
  'keys revoke',
  'serve',
  'start',
];

/** The commands that a help text lists. */
function listed(help: string): string[] {
  const lines = help.split('\nCommands:\n')[1]?.split('\n') ?? [];
  const names = lines.flatMap((line) => /^ {2}([a-z][a-z-]*)/.exec(line)?.[1] ?? []);
  return names.filter((name) => name !== 'help');
}

describe('help', () => {
  it.each(commands)('of tuban %s is printed on stdout, and is no error', async (command) => {
    const words = command.split(' ').filter((word) => word !== '');
    const { exitCode, stdout, stderr } = await tuban([...words, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ${['tuban', ...words].join(' ')}`);
    // No command is missing from this test.
    expect(commands).toEqual(expect.arrayContaining(listed(stdout).map((name) => [...words, name].join(' '))));
  });
});
