import type { Command } from 'commander';
import { type CheckedScene, checkScenes } from '../../services/scenes/scene-check.ts';
import { listScenes, type SceneRow } from '../../services/store/scenes.ts';
import { complain, printJson } from './output.ts';
import { ProgressBar } from './progress.ts';
import { sceneBeginning } from './scene-show.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

/** As main has it for bad input. */
const badInput = 2;

export function addCheckCommand(scenes: Command): void {
  workspaceOptions(scenes.command('check'))
    .description('read images again: are they there, unchanged, whole, of a likely day and place? (exit code 2: no)')
    .argument('[scenes...]', "ids, or how they begin; 'all' or none: every image", [])
    .option('--all', 'decode every pixel instead of a sample')
    .action(check);
}

async function check(ids: string[], options: WorkspaceArguments & { all?: boolean }): Promise<void> {
  const bar = new ProgressBar();
  const checked = await withWorkspace(options, async ({ store }) => {
    const all = await listScenes(store.db);
    const asked: SceneRow[] = [];
    for (const id of ids.filter((one) => one !== 'all')) asked.push(await sceneBeginning(store, id));
    return checkScenes(asked.length > 0 ? asked : all, all, {
      all: options.all === true,
      now: (await clockOf(store))(),
      onProgress: (done, total) => bar.draw('checking scenes', done, total),
    });
  }).finally(() => bar.clear());
  if (options.json) printJson(checked);
  else process.stdout.write(checked.map((scene) => `${line(scene)}\n`).join(''));
  const bad = checked.filter(({ faults }) => faults.length > 0);
  if (bad.length === 0) return;
  for (const { faults } of bad) for (const { message } of faults) complain(message);
  process.exitCode = badInput;
}

function line({ id, date, path, faults, doubts, decoded, windows }: CheckedScene): string {
  const state = faults.length === 0 ? 'good' : faults.map(({ fault }) => fault).join(', ');
  const read = windows === 0 ? '' : `, ${decoded} of ${windows} windows decoded`;
  return [`${id}  ${date}  ${state}${read}  ${path}`, ...doubts.map((doubt) => `  doubtful: ${doubt}`)].join('\n');
}
