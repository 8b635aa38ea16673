import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentGeojson } from '../support/batch-files.ts';
import { tuban } from '../support/command-line.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-batch-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('tuban batch', () => {
  it('takes a file in, matches it, shows it and gives it back', async () => {
    const home = ['--home', join(folder, 'home')];
    const file = join(folder, '省厅.geojson');
    writeFileSync(file, sentGeojson([{ JCBH: 'a', lon: 112.5, lat: 26.9 }]));
    const batch = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await tuban(['batch', ...args, ...home]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      return stdout;
    };
    const campaign = ['--campaign', '清零', '--cut-off', '2026-01-01'];
    const { batch: imported } = JSON.parse(await batch('import', file, '--profile', 'exchange', ...campaign, '--json'));
    expect(await batch('match', imported.id.slice(0, 8))).toContain('新增 new 1');
    expect(await batch('list')).toContain('省厅.geojson');
    expect(await batch('show', imported.id)).toContain('新增 new');
    const out = join(folder, '回传.geojson');
    expect(await batch('return', imported.id, '-o', out)).toContain('✓ 行数 rows 1');
    expect(await batch('campaign', '清零')).toContain('✓ 存量 stock 1 = 已清零 cleared 0 + 剩余 remaining 1');
    const refused = await tuban(['batch', 'return', imported.id, '-o', join(folder, 'a.shp'), ...home]);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('wanted a name in .geojson') });
  });
});
