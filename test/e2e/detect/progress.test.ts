import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBrokenImages } from '../../fixtures/broken-images.ts';
import { tuban } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/gdal.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const program = fileURLToPath(new URL('../../../api/tuban.js', import.meta.url));
const before = temporary.path('before.tif');
const after = temporary.path('after.tif');
beforeAll(() => writeBrokenImages(temporary.path('.')));

/** script(1) of util-linux gives a command a terminal. */
const noTerminal = (() => {
  try {
    return !execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return true;
  }
})();
if (noTerminal) console.warn('script(1) of util-linux is missing: the test of the progress bar is skipped.');

describe('what tuban detect says on the way', () => {
  it('is nothing at all on stderr where that is no terminal', async () => {
    const { exitCode, stdout, stderr } = await tuban(['detect', before, after]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^0 patches, 0 m² \(0\.00 亩\)\nmethod cva: .*\nobserved \d+\.\d % of the area/);
  });

  it.skipIf(noTerminal)('is a progress bar on a terminal, which is wiped in the end', () => {
    const command = `'${process.execPath}' '${program}' detect '${before}' '${after}'`;
    const shown = execFileSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' });
    expect(shown).toMatch(/█+.* 100 % score 1\/1/);
    expect(shown.slice(shown.lastIndexOf('█'))).toMatch('\r\x1b[K0 patches');
  });
});

describe('a tile that cannot be decoded', () => {
  it('is unobserved and reported, and the rest is compared', async () => {
    const { exitCode, stdout } = await tuban(['detect', before, temporary.path('damaged-tile.tif'), '--json']);
    const report = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(report.warnings).toContainEqual(expect.stringMatching(/damaged-tile\.tif: tile at .* cannot be decoded/));
    expect(report.observedFraction).toBeLessThan(0.95);
    expect(report.observedFraction).toBeGreaterThan(0.5);
  });
});
