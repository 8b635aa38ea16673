import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standardRules } from '../../../services/lifecycle/deadline-rules.ts';
import { openStore } from '../../../services/store/open.ts';
import { year2099 } from '../../support/calendar-years.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';

let home: string;
const path = (name: string) => join(home, name);
const run = (...args: string[]) => tuban(['deadlines', ...args, '--home', home]);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-deadlines-'));
  const store = await openStore({ sqlite: path('tuban.db') });
  await plantZone(store, 'districts', '430407', '石鼓区');
  const early = new Date('2025-07-01T02:00:00Z');
  const late = await plantPatch(store, { district: '430407', foundAt: early });
  await takeSteps(store, late, 'request-extension', { at: new Date('2025-07-02T02:00:00Z') });
  await store.close();
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('tuban deadlines', () => {
  it('lists what is late at a day, Chinese first, with counts by district', async () => {
    const { exitCode, stdout } = await run('list', '--at', '2025-07-09');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /已超期 overdue +图斑 4304072025060001 +430407 +已发现 +2025-07-08 +2025-07-08 +2025-07-08到期/,
    );
    expect(stdout).toContain('已申请延期，待审批');
    expect(stdout).toMatch(/430407 石鼓区 +0 +0 +1 +0 +0 +0 +1/);
  });

  it('gives the same as JSON, of one grade and at a time with its zone', async () => {
    const list = await tubanJson('deadlines', 'list', '--at', '2025-07-08T23:59:00+08:00', '--home', home);
    expect(list.entries).toMatchObject([{ grade: 'due-soon', since: '2025-07-02T15:59:59.999Z', holidaysKnown: true }]);
    const none = await tubanJson('deadlines', 'list', '--at', '2025-07-09', '--grade', 'interview', '--home', home);
    expect(none.entries).toEqual([]);
  });

  it('refuses a time without its zone', async () => {
    const { exitCode, stderr } = await run('list', '--at', '2025-07-08T23:59:00');
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('an ISO time with its zone'),
    });
  });

  it('takes the calendar of a year, and refuses a broken one without a trace', async () => {
    await writeFile(path('bad.json'), JSON.stringify({ ...year2099, source: '' }));
    const refused = await run('calendar', 'add', path('bad.json'));
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('source: the notice it is taken from');
    expect((await tubanJson('deadlines', 'calendar', 'list', '--home', home)).years).toEqual([]);
    await writeFile(path('2099.json'), JSON.stringify(year2099));
    const added = await run('calendar', 'add', path('2099.json'));
    expect(added.stdout).toContain('已录入 2099 年工作日历（放假 10 天、调休上班 1 天');
    expect((await run('calendar', 'list')).stdout).toMatch(/2099 +10 +1 +国办发明电/);
  });

  it('shows and moves by recount what another calendar moves, never without a name', async () => {
    const moved = { ...year2099, year: 2025, holidays: ['2025-07-04'], makeUpDays: [] };
    await writeFile(path('2025.json'), JSON.stringify(moved));
    expect((await run('calendar', 'add', path('2025.json'))).stdout).toContain('1 个期限会变动');
    const shown = await run('recount');
    expect(shown.stdout).toMatch(/图斑 4304072025060001 +430407 +已发现 +2025-07-08 +2025-07-09/);
    expect(shown.stdout).toContain('仅预览');
    expect((await run('recount', '--apply')).stderr).toContain('--apply needs --by NAME');
    expect((await tubanJson('deadlines', 'recount', '--home', home)).moves).toHaveLength(1);
    expect((await run('recount', '--apply', '--by', '李四')).stdout).toContain('已由李四重算');
    expect((await run('recount')).stdout).toContain('没有期限变动');
  });

  it('shows the rules and takes others, checked', async () => {
    expect(await tubanJson('deadlines', 'rules', '--home', home)).toEqual(standardRules);
    await writeFile(path('rules.json'), JSON.stringify({ ...standardRules, interviewAfterWorkingDays: 1 }));
    expect((await run('rules', path('rules.json'))).stderr).toContain('at least superviseAfterWorkingDays (5); got 1');
    await writeFile(path('rules.json'), JSON.stringify({ ...standardRules, edition: 'city-1', undoHours: 2 }));
    expect((await run('rules', path('rules.json'))).stdout).toMatch(/撤销 undo +2 小时内/);
  });
});
