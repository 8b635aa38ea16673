import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/gdal.ts';
import { layers, repository } from './source.ts';

/** What the linter says, of its configuration and of files. */
function lint(folder: string, ...args: string[]): string {
  const linter = `${repository}node_modules/@biomejs/biome/bin/biome`;
  const all = [linter, 'lint', '--colors=off', '--diagnostic-level=info', ...args];
  const { stdout, stderr } = spawnSync(process.execPath, all, { cwd: folder, encoding: 'utf8' });
  return `${stderr}${stdout}`;
}

/** A function of so many lines. */
function functionOf(lines: number): string {
  const body = Array.from({ length: lines - 2 }, (_, i) => `  total.push(${i});`);
  return ['export function fill(total: number[]): void {', ...body, '}', ''].join('\n');
}

describe('the linter', () => {
  const house = temporaryFolder();
  beforeAll(() => {
    for (const name of ['biome.json', '.gitignore']) copyFileSync(repository + name, house.path(name));
  });
  afterAll(house.remove);

  it('is configured in words that its next version still knows', () => {
    expect(lint(repository, 'biome.json')).toMatch(/^Checked 1 file in [^\n]*No fixes applied\.\s*$/);
  });

  it.each(layers)('lets no function of %s grow past 80 lines', (layer) => {
    mkdirSync(house.path(layer));
    for (const lines of [80, 90]) writeFileSync(house.path(`${layer}/of-${lines}.ts`), functionOf(lines));
    const said = lint(house.path('.'), layer);
    expect(said.match(/^\S+(?= lint\/complexity\/noExcessiveLinesPerFunction)/gm)).toEqual([`${layer}/of-90.ts:1:8`]);
  });
});
