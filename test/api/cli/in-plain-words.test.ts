import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../services/store/open.ts';
import { tuban } from '../../support/command-line.ts';
import { type PlantedCase, plantCase } from '../../support/planted-case.ts';

describe('What the command line says of the work', () => {
  let home: string;
  let planted: PlantedCase;
  const at = (name: string) => join(home, name);
  const said = async (...args: string[]) => (await tuban([...args, '--home', home])).stdout;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-plain-'));
    const store = await openStore({ sqlite: at('tuban.db') });
    planted = await plantCase(store);
    await store.close();
    await mkdir(at('folder'));
    await writeFile(at('empty'), '');
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('tells a history step by step in Chinese, in Beijing time, with what lies under the patch and what was said', async () => {
    const text = await said('patches', 'show', planted.number);
    expect(text).toContain(
      '2025-07-02 10:00  市监测中心  下发任务 warn → 已预警 warned  疑似违法占用永久基本农田，请核查',
    );
    expect(text).toContain('县级通过 approve');
    expect(text).toMatch(/永久基本农田 .*1200\.00 m² {2}1\.80 亩 {2}60\.0 %/);
    expect(text).not.toMatch(/\d{2}:\d{2}Z|\.\d{3}Z/);
  });

  it('has the areas of a report to the hundredth, as on paper', async () => {
    const text = await said('report', 'month', '2025-06');
    expect(text).toContain('监测图斑面积 3.00 亩');
    expect(text).toContain('发现图斑 1 个');
    expect(text).toContain('其中永久基本农田 1.80 亩');
  });

  it('prints what somebody wrote on one line, without the codes that a terminal would obey', async () => {
    await said('step', planted.number, 'pause', '--note', '待办\n\u001b[31m红', '--by', '王强');
    const text = await said('patches', 'show', planted.number);
    expect(text).toContain('待办 [31m红');
    expect(text).not.toContain('\u001b');
  });

  it('opens no case whose title would not fit on a line', async () => {
    for (const title of ['甲'.repeat(201), '违法\n占地']) {
      const options = ['--title', title, '--district', '430421', '--home', home];
      const { exitCode, stderr } = await tuban(['cases', 'open', planted.number, ...options]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('is one line of at most 200 characters');
      expect(stderr.length).toBeLessThan(200);
    }
  });

  it('takes --by as well as --actor of who does it', async () => {
    const entered = await said(
      ...['people', 'add', '张三', '--duty', 'handler', '--district', '430421', '--from', '2025-01-01'],
      ...['--by', '王强'],
    );
    expect(entered).toContain('张三');
  });

  it.each([
    ['no-such.zip', 'there is no such file'],
    ['folder', 'it is a folder'],
    ['empty', 'it is no zip, or was cut off'],
  ])('says in plain words why %s is no bundle and no package', async (name, why) => {
    for (const command of [
      ['evidence', 'verify', at(name)],
      ['field', 'unpack', at(name), '--home', home],
    ]) {
      const { exitCode, stderr } = await tuban(command);
      expect(exitCode).toBeGreaterThan(0);
      expect(stderr.trim()).toMatch(new RegExp(`: ${why}\\.$`));
    }
  });
});
