import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../services/store/open.ts';
import { type CommandResult, tuban } from '../support/command-line.ts';
import { plantPatch } from '../support/patches.ts';

/** As an office does it, on a workspace with one patch; each command in a process of its own. */
describe('tuban people and tuban actors', () => {
  let home: string;
  const number = '4304212025060001';
  const run = (...args: string[]): Promise<CommandResult> => tuban([...args, '--home', home], { cwd: home });
  const json = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(...args, '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-people-'));
    const store = await openStore({ sqlite: join(home, 'tuban.db') });
    await plantPatch(store);
    await store.close();
    const corners = [
      [112.4, 26.8],
      [112.6, 26.8],
      [112.6, 27],
      [112.4, 27],
      [112.4, 26.8],
    ];
    const properties = { code: '430421101', name: '演陂镇网格', level: '乡镇', chief: '周某' };
    const feature = { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [corners] } };
    await writeFile(join(home, 'grids.geojson'), JSON.stringify({ type: 'FeatureCollection', features: [feature] }));
    await writeFile(join(home, 'list.csv'), '姓名,职责,网格,起\n张三,网格员,430421101,2025-01-01\n');
    await writeFile(join(home, 'patrols.csv'), '巡查人,时间,网格,发现\n张三,2025-06-01,430421101,无\n');
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('import grids, persons and patrols, and tell who was responsible and whether a patrol was there', async () => {
    expect(
      (await run('zones', 'import', 'grids.geojson', '--layer', 'grids', '--valid-from', '2025-01-01')).exitCode,
    ).toBe(0);
    expect(await json('people', 'import', 'list.csv')).toEqual({ rows: 1, added: 1 });
    const { stdout } = await run('people', 'show', number, '--on', '2025-06-05');
    expect(stdout).toMatch(/演陂镇网格[\s\S]*田长 周某（网格图层），网格员 张三（登记），承办人 不明/);
    expect(await json('people', 'patrol', 'import', 'patrols.csv')).toEqual({ rows: 1, added: 1 });
    const after = await json('people', 'patrols', '--month', '2025-06');
    expect(after).toMatchObject({
      patches: [{ number, answer: 'not-reported', persons: ['张三'] }],
      grids: [{ key: '430421101', patches: 1, notReported: 1 }],
      persons: [{ key: '张三', notReported: 1 }],
    });
    expect(await json('people', 'causes', '--propose', number)).toMatchObject({ proposed: [{ cause: 'patrol-gap' }] });
  });

  it('assign, hand everything over and take it back', async () => {
    await json('people', 'assign', number, '张三');
    const moved = await json('people', 'hand-over', '张三', '李四', '--actor', 'wang', '--note', '调离');
    expect(moved).toMatchObject({ patches: [{ number }], duties: [{ duty: { grid: '430421101' } }], cases: [] });
    expect((await json('people', 'show', number)).responsible).toMatchObject({
      ...{ patroller: { person: '李四' }, handler: { person: '李四', by: 'assigned' } },
    });
    const refused = await run('people', 'undo-hand-over', moved.id, '--actor', 'zhao', '--note', '误交');
    expect(refused).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringMatching(/wang, who alone may/) });
    await json('people', 'undo-hand-over', moved.id, '--actor', 'wang', '--note', '误交');
    expect((await run('audit', 'verify')).exitCode).toBe(0);
  });

  it('keep the register of actors, and name who uses a patch', async () => {
    const { id } = await json('actors', 'add', '甲建材有限公司', '--code', '91350100M000100Y43', '--alias', '甲建材');
    const { id: other } = await json('actors', 'add', '甲建材有限责任公司');
    expect(await json('actors', 'suggest')).toMatchObject([{ because: 'same-core' }]);
    await json('actors', 'merge', '甲建材有限责任公司', '甲建材', '--reason', '同一主体');
    await json('actors', 'link', number, '甲建材有限责任公司');
    expect((await run('actors', 'show', '甲建材')).stdout).toMatch(/合并 merged .*同一主体/);
    await json('actors', 'unmerge', id, other, '--reason', '不是同一主体');
    expect(await json('actors', 'list')).toHaveLength(2);
    const wrong = await run('actors', 'add', '乙', '--code', '91350100M000100Y44');
    expect(wrong).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^tuban: The code .* check digit should be 3, it is 4\.\n$/),
    });
  });
});
