import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { item } from '../../services/stac/items.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { groundBands, temporaryFolder } from '../../support/gdal.ts';
import { plantedGrid } from '../../support/planted-workspace.ts';

const grid = { ...plantedGrid, width: 40, height: 30 };

describe('tuban stac', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let home: string[];
  beforeAll(async () => {
    folder = temporaryFolder();
    home = ['--home', folder.path('county')];
    await mkdir(folder.path('in'));
    for (const [i, day] of ['2025-05-20', '2025-06-18'].entries()) {
      const bands = groundBands(grid.width, grid.height, 4, 'uint16');
      bands[0][0] = i;
      await writeTiff(folder.path(`in/${i}.tif`), grid, bands);
      const said = item(`scene-${i}`, {
        properties: { datetime: `${day}T03:00:00Z`, platform: 'GF-2' },
        assets: { image: { href: `./${i}.tif`, type: 'image/tiff' } },
      });
      await writeFile(folder.path(`in/${i}.json`), JSON.stringify(said));
    }
  });
  afterAll(() => folder.remove());

  it('says what it would add, adds it, and adds nothing twice', { timeout: 60_000 }, async () => {
    const source = folder.path('in');
    const found = await tubanJson('stac', 'import', source, '--from', '2025-06-01', '--dry-run', ...home);
    expect(found).toMatchObject([{ itemId: 'scene-1', date: '2025-06-18', outcome: 'found', sceneId: null }]);
    const first = await tuban(['stac', 'import', source, ...home]);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /scene-0 +2025-05-20 +GF-2 +added +[0-9a-f]{16} [\s\S]*\n2 added, 0 known, 0 refused\n$/,
    );
    expect((await tuban(['stac', 'import', source, ...home])).stdout).toMatch(/\n0 added, 2 known, 0 refused\n$/);
  });

  it('writes a catalogue that another workspace imports', { timeout: 60_000 }, async () => {
    const out = folder.path('out');
    const written = await tubanJson('stac', 'export', out, '--stac-version', '1.1.0', ...home);
    expect(written).toEqual({ file: join(out, 'catalog.json'), items: 2 });
    expect((await readdir(out)).sort()).toEqual(['catalog.json', 'scenes']);
    const again = await tubanJson('stac', 'import', join(out, 'catalog.json'), '--home', folder.path('other'));
    expect(again.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['added', 'added']);
  });

  it.each<[string[], RegExp]>([
    [
      ['import', 'nothing.json'],
      /^tuban: .*nothing\.json: wanted a STAC document, but it cannot be read \(ENOENT\)\.\n$/,
    ],
    [['import', 'x', '--bbox', '1,2,3'], /Wanted minLon,minLat,maxLon,maxLat in degrees, longitude first, got '1,2,3'/],
    [['import', 'x', '--limit', '0'], /Wanted a whole number from 1 to 100000, got '0'/],
    [['export', 'missing/folder/items.json'], /a folder that exists/],
    [['export', 'out', '--stac-version', '0.9'], /Allowed choices are 1\.0\.0, 1\.1\.0/],
  ])('%j is refused in one line', async (args, message) => {
    const { exitCode, stdout, stderr } = await tuban(['stac', ...args, ...home], { cwd: folder.path('.') });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^tuban: [^\n]+\n$/);
  });

  it('ends with 2 and a line for each item that is refused, the others added', { timeout: 60_000 }, async () => {
    const features = [
      item('good', { properties: { platform: 'GF-2' }, assets: { i: { href: './in/0.tif', type: 'image/tiff' } } }),
      item('bad', { assets: {} }),
    ];
    await writeFile(folder.path('two.json'), JSON.stringify({ type: 'FeatureCollection', features }));
    const result = await tuban(['stac', 'import', folder.path('two.json'), '--home', folder.path('third')]);
    expect(result).toMatchObject({
      exitCode: 2,
      stderr: 'tuban: Item bad: wanted a GeoTIFF with data, got no asset.\n',
    });
    expect(result.stdout).toMatch(/\n1 added, 0 known, 1 refused\n$/);
  });
});
