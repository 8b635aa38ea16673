import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LateReport } from '../../../services/late/report.ts';
import type { WatchList } from '../../../services/watch/figures.ts';
import { closePatch } from '../../support/closed-patches.ts';
import { tuban } from '../../support/command-line.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

const whole = gridBox(plantedGrid, 50);
const site = { x: 224_900, y: 2_999_300, width: 160, height: 160 };

let workspace: PlantedWorkspace;
let number: string;

/** A patch of June that was closed, and stands in July; July was run before anybody closed it. */
beforeAll(async () => {
  workspace = await PlantedWorkspace.create();
  await workspace.layer('districts', { '430421': whole });
  await workspace.scene('2024-05-20', { seed: 1 });
  await workspace.scene('2024-06-20', { seed: 2, built: [site] });
  await workspace.run('2024-06', 1, new Date('2024-06-30T18:00:00Z'));
  await workspace.scene('2024-07-20', { seed: 3, built: [site] });
  await workspace.run('2024-07', 1, new Date('2024-07-28T18:00:00Z'));
  const patch = await workspace.store.db.selectFrom('patches').selectAll().orderBy('number').executeTakeFirstOrThrow();
  number = patch.number;
  await closePatch(workspace.store, patch, '2024-07-02');
  await workspace.scene('2024-06-25', { seed: 4, built: [site] });
});
afterAll(() => workspace.remove());

const watch = async (...args: string[]) => (await tuban(['watch', ...args, '--home', workspace.home])).stdout;

it('a patch closed after the run is looked at by recheck, and list and show say what was seen', async () => {
  expect(await watch('show', number)).toContain('not looked at');
  expect(await watch('recheck', '2024-07', '--workers', '1')).toContain('重开 reopened 1');
  const { verdicts, districts } = JSON.parse(await watch('list', '--month', '2024-07', '--json')) as WatchList;
  expect(verdicts.map((row) => [row.number, row.verdict])).toEqual([[number, 'still-built']]);
  expect(districts).toMatchObject([{ district: '430421', reopened: 1 }]);
  expect(await watch('list')).toContain('疑似虚假整改');
  const shown = await watch('show', number);
  expect(shown).toMatch(/2024-07-20.*100 %/);
});

it('late tells what the next run will deal with', async () => {
  const { pending, done } = JSON.parse(await watch('late', '--json')) as LateReport;
  expect([pending.map(({ kind, date }) => [kind, date]), done]).toEqual([[['late', '2024-06-25']], []]);
  expect(await watch('late')).toContain('下次运行');
});

it('a month that was not run, or a patch that is not there, is named', async () => {
  const { exitCode, stderr } = await tuban(['watch', 'recheck', '2023-01', '--home', workspace.home]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('tuban run --month 2023-01')]);
  expect((await tuban(['watch', 'show', 'nobody', '--home', workspace.home])).stderr).toContain(
    'There is no patch nobody',
  );
});
