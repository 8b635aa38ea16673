import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../services/legality/built-in.ts';
import { openStore } from '../../../services/store/open.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { document, INSIDE, part, patchFacts } from '../../support/legal-facts.ts';
import { plantJudged } from '../../support/opinions.ts';

const [{ ruleSet: national }] = BUILT_IN;
let home: string;
let early: string;
let lenient: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-rules-'));
  lenient = join(home, 'hunan.json');
  const time = { ...national.time, validAtLaterImageSuffices: true };
  await writeFile(lenient, JSON.stringify({ ...national, id: 'hunan', province: '43', version: '1.0', time }));
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  const homestead = document('宅1', 'homestead', { date: INSIDE });
  const atoms = [part(1200, { instruments: ['宅1'] })];
  ({ number: early } = await plantJudged(store, patchFacts({ atoms, instruments: [homestead] })));
  await plantJudged(store, patchFacts());
  await store.close();
});
afterAll(() => rm(home, { recursive: true }));

describe('tuban rules', () => {
  it('checks a file: what is right in a word, what is wrong in one line with exit code 2', async () => {
    const right = await tuban(['rules', 'check', lenient]);
    expect(right).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/^hunan@1\.0: 有效 valid; 43;/),
    });
    const bad = join(home, 'bad.json');
    await writeFile(bad, JSON.stringify({ ...national, leastTypeConfidence: 40 }));
    expect(await tuban(['rules', 'check', bad])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `tuban: ${bad}: leastTypeConfidence: wanted a number from 0 to 1, got 40.\n`,
    });
  });

  it('explains a patch: verdict, checks, what is missing, and that the opinion on file stands up', async () => {
    const { exitCode, stdout } = await tuban(['rules', 'explain', early, '--home', home]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^图斑 ${early}: 存疑 · 批准时间在变化区间内\n`));
    expect(stdout).toContain('1. 批文 [check.approval] 存疑');
    expect(stdout).toContain('[影响认定] 批件日期在变化区间 2025-05-20 – 2025-06-18 内，先后不明：宅1号');
    expect(stdout).toMatch(/存档意见: 存疑 · 批准时间在变化区间内 \(cn-2024@1\.0, 2025-07-01\); 按原规则重算一致\n$/);
  });

  it('explains it by rules that are not in effect yet, and says what they change', async () => {
    const { stdout } = await tuban(['rules', 'explain', early, '--rules', lenient, '--lang', 'en', '--home', home]);
    expect(stdout).toMatch(new RegExp(`^Patch ${early}: Lawful\nBy rule check\\.approval of hunan@1\\.0`));
    expect(stdout).toContain('\n  opinion: in-doubt → lawful\n');
    const json = await tubanJson('rules', 'explain', early, '--home', home);
    expect(json).toMatchObject({
      number: early,
      reproduced: true,
      opinion: { kind: 'dated-inside-onset' },
      facts: { edition: 'facts-1' },
    });
  });

  it('shows what new rules would change before they are added, and after by name', async () => {
    const tried = await tuban(['rules', 'backtest', 'cn-2024@1.0', lenient, '--home', home]);
    expect(tried).toMatchObject({ exitCode: 0, stderr: '' });
    expect(tried.stdout).toMatch(/^cn-2024@1\.0 → hunan@1\.0: 2 个图斑 patches, 4\.80 亩; 改变 changed 1, 1\.80 亩\n/);
    expect(tried.stdout).toMatch(new RegExp(`\nin-doubt:dated-inside-onset +lawful +1 +1\\.80 +${early}\n`));
    expect(tried.stdout).toMatch(/2\/2 重算一致/);
    const list = async () => (await tubanJson('rules', 'list', '--home', home)).map(({ id }: { id: string }) => id);
    expect(await list()).toEqual(['cn-2024']);
    expect((await tuban(['rules', 'add', lenient, '--home', home])).stdout).toBe('hunan@1.0: 已加入 added\n');
    expect((await tuban(['rules', 'add', lenient, '--home', home])).stdout).toBe(
      'hunan@1.0: 原已存在 was already there\n',
    );
    expect(await list()).toEqual(['cn-2024', 'hunan']);
    const other = ['--month', '2025-05', '--home', home];
    expect(await tubanJson('rules', 'backtest', 'cn-2024@1.0', 'hunan@1.0', ...other)).toMatchObject({ patches: 0 });
  });

  it('refuses what is not there in one line', async () => {
    const refused = async (...args: string[]) => (await tuban(['rules', ...args, '--home', home])).stderr;
    expect(await refused('explain', '999')).toBe('tuban: There is no patch 999.\n');
    expect(await refused('backtest', 'cn-2024@1.0', 'cn-2030@1.0')).toMatch(
      /^tuban: There is no rule set cn-2030@1\.0: wanted one of cn-2024@1\.0/,
    );
  });
});
