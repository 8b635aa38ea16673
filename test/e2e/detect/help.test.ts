import { describe, expect, it } from 'vitest';
import { tuban } from '../../support/command-line.ts';

const commands = [
  '',
  'detect',
  'scenes',
  'scenes add',
  'scenes list',
  'zones',
  'zones import',
  'zones list',
  'run',
  'patches',
  'patches list',
  'serve',
  'start',
];

describe('help', () => {
  it.each(commands)('of tuban %s is printed on stdout, and is no error', async (command) => {
    const words = command.split(' ').filter((word) => word !== '');
    const { exitCode, stdout, stderr } = await tuban([...words, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ${['tuban', ...words].join(' ')}`);
  });
});
