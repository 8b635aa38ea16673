import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addGaugeInput } from '../../../services/store/gauge-inputs.ts';
import { openStore } from '../../../services/store/open.ts';
import { finishRun } from '../../../services/store/runs.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';

let home: string;
/** Of 10 亩, judged illegal; of 30 亩, judged lawful; of 10 亩, not judged. */
let illegal: string;
let lawful: string;
const mu = (count: number) => (count * 2000) / 3;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-gauges-'));
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  await plantZone(store, 'districts', '430407', '石鼓区');
  const farmland = await plantZone(store, 'farmland', 'f', '');
  const patch = (areaMu: number) =>
    plantPatch(store, {
      district: '430407',
      type: 'bare',
      areaM2: mu(areaMu),
      overlaps: [{ layer: 'farmland', zoneId: farmland, areaM2: mu(areaMu) }],
    });
  illegal = await patch(10);
  lawful = await patch(30);
  await patch(10);
  await takeSteps(store, illegal, 'warn acknowledge verify judge');
  await takeSteps(store, lawful, 'warn acknowledge verify judge', { given: { judgement: 'lawful' } });
  const entered = { district: '430407', year: '2025', source: '下达文件', enteredAt: '2025-01-01T00:00:00Z' };
  await addGaugeInput(store.db, { ...entered, name: 'farmlandFloor', value: 150, unit: 'mu' });
  await addGaugeInput(store.db, { ...entered, name: 'farmlandStock', value: 13, unit: 'ha' });
  await finishRun(store.db, 'run-2025-06', '{}', new Date('2025-07-01T00:00:00Z'));
  await store.close();
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('tuban gauges', () => {
  it('shows the 15 % gauge with its range, in m², 亩 and hectares', async () => {
    const report = await tubanJson('gauges', 'show', '--year', '2025', '--home', home);
    expect(report.farmland.total).toMatchObject({
      grade: { low: 'over', high: 'over' },
      patches: { illegal: [illegal], lawful: [lawful] },
    });
    expect(report.farmland.total.ratio.low).toBeCloseTo(0.2, 12);
    expect(report.farmland.total.ratio.high).toBeCloseTo(0.4, 12);
    expect(report).toMatchObject({
      forecast: { tooEarly: true },
      differences: [],
      known: { from: '2025-06', to: '2025-06' },
    });
    const { stdout } = await tuban(['gauges', 'show', '--year', '2025', '--home', home]);
    expect(stdout).toMatch(/430407 石鼓区 +10\.00 +10\.00 +30\.00 +33333 +50\.00 +3\.33 +20\.00 % – 40\.00 %/);
    expect(stdout).toContain('为时尚早');
    expect(stdout).toContain('差异 differences：无 none');
  });

  it('takes figures and tells the floor and what differs by them', async () => {
    const set = (name: string, value: string, ...more: string[]) =>
      tuban(['gauges', 'set', '430407', '2025', name, value, '--source', '下达文件', '--home', home, ...more]);
    const entered = await set('farmlandTaken', '55', '--unit', 'mu');
    expect(entered).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('已录入 430407 2025') });
    const { floors, differences } = await tubanJson('gauges', 'show', '--year', '2025', '--home', home);
    expect(floors).toMatchObject([
      { district: '430407', inputs: { stockM2: 130_000 }, grade: { low: 'far-below', high: 'above' } },
    ]);
    expect(floors[0].marginM2.low).toBeCloseTo(130_000 - mu(200), 6);
    expect(floors[0].marginM2.high).toBeCloseTo(130_000 - mu(190), 6);
    expect(differences).toMatchObject([{ what: 'headline takenM2 430407' }]);
    expect(differences[0].difference).toBeCloseTo(-mu(5), 6);
    const { stdout } = await tuban(['gauges', 'show', '--year', '2025', '--home', home]);
    expect(stdout).toContain('明显低于任务');
    expect(stdout).toContain('430407 新增建设占用耕地与上报数不符');
  });

  it('has the radar, by patch where nobody is known', async () => {
    const { stdout, exitCode } = await tuban(['gauges', 'radar', '--home', home]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('其他耕地 10.00 亩，界线 10 亩：移送审查');
    expect(stdout).toContain(illegal.replace('patch-', ''));
  });

  it('tells what restoring would do', async () => {
    const number = illegal.replace('patch-', '');
    const args = ['gauges', 'what-if', '--year', '2025', '--restored', `${number},${lawful}`, '--home', home];
    const { stdout } = await tuban(args);
    expect(stdout).toMatch(/现状 now +10\.00 .* 20\.00 % – 40\.00 %/);
    expect(stdout).toMatch(/恢复后 if restored +0\.00 .* 0\.00 % – 20\.00 %/);
    expect(stdout).toContain(`不影响本指标 change nothing here：${lawful}\n`);
  });

  it.each<[string[], string]>([
    [
      ['set', '43x', '2025', 'farmlandFloor', '1', '--source', 's'],
      "wanted a code of 2, 4, 6, 9 or 12 digits, got '43x'",
    ],
    [['show', '--year', '20255', '--district', '43'], "Wanted a year as YYYY, got '20255'"],
  ])('refuses %j in one line', async (args, words) => {
    const { exitCode, stderr } = await tuban(['gauges', ...args, '--home', home]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('tuban themes', () => {
  it('lists the twelve, those watched here and what the others lack', async () => {
    const { edition, themes } = await tubanJson('themes', 'list', '--home', home);
    expect(edition).toBe('themes-1');
    const watched = themes.filter((theme: { watched: boolean }) => theme.watched).map(({ id }: { id: string }) => id);
    expect(watched).toEqual(['illegal-land-use', 'farmland-quantity', 'farmland-use']);
    const { stdout } = await tuban(['themes', 'list', '--home', home]);
    expect(stdout).toMatch(/生态保护红线 +red-line +变化 +600 +否 no +未导入图层：生态保护红线/);
    expect(stdout).toMatch(/违法用地 +illegal-land-use +变化 +200 +是 yes +未导入已建成区/);
    expect(stdout).toContain('3 of 12 themes are watched');
  });
});
