import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { repository } from './readme.ts';

describe('the configuration of the linter', () => {
  it('is in words that the next version of it still knows', () => {
    const linter = `${repository}node_modules/@biomejs/biome/bin/biome`;
    const args = [linter, 'check', '--error-on-warnings', '--diagnostic-level=info', '--colors=off', 'biome.json'];
    // What it says of its configuration stands on the other channel than what it says of files.
    const said = execFileSync('bash', ['-c', '"$@" 2>&1', 'bash', process.execPath, ...args], { cwd: repository });
    expect(said.toString()).toMatch(/^Checked 1 file in [^\n]*No fixes applied\.\s*$/);
  });
});
